import { timeoutOf } from './timeout.js';

describe('timeoutOf', () => {
  it.each([
    ['10m', 600_000],
    ['0.5', 500],
  ])('%s', (text, milliseconds) => {
    expect(timeoutOf(text)).toBe(milliseconds);
  });

  it.each(['0', '-1', 'soon', '25d'])('refuses %s', (text) => {
    expect(() => timeoutOf(text)).toThrow(/^--timeout must be/);
  });
});
