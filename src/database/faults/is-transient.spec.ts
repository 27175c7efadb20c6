import { isTransient } from './is-transient.js';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

describe('isTransient', () => {
  it.each(['08006', '53300', '57P01', 'ECONNREFUSED', 'ECONNRESET'])('waits after %s', (code) => {
    expect(isTransient(withCode(code))).toBe(true);
  });

  it.each(['22021', '23503', '42P01', '54000'])('does not wait after %s', (code) => {
    expect(isTransient(withCode(code))).toBe(false);
  });

  it('does not wait after a value that cannot be sent', () => {
    expect(isTransient(new RangeError('Invalid string length'))).toBe(false);
    expect(isTransient(new TypeError('Converting circular structure to JSON'))).toBe(false);
  });

  it('waits after an error of the client itself', () => {
    expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
  });
});
