import { isLoopback } from './loopback.js';

describe('isLoopback', () => {
  it.each(['localhost', '127.0.0.1', '127.8.9.10', '::1', '[::1]'])('is true for %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '::',
    '[::]',
    '128.0.0.1',
    'fd00::7',
    '127.0.0.1.example.org',
    'localhost.example.org',
    '',
  ])('is false for "%s"', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
