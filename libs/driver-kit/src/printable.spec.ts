import { printable } from './printable.js';

it('shows control characters, except those that are kept', () => {
  expect(printable('a\u001b[31m\u009b\u007f\té\nb', '\n')).toBe('a\\u001b[31m\\u009b\\u007f\\u0009é\nb');
});
