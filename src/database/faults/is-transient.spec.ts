import { connectFault, statementFault } from './database-fault.js';
import { isTransient } from './is-transient.js';

const withCode = (code: string) => Object.assign(new Error('x'), { code });
const WRITE = { text: 'insert into jobs default values' };

describe('isTransient', () => {
  it.each(['08006', '53300', '57014', '57P01', '40P01', 'ECONNRESET'])('is true for %s', (code) => {
    expect(isTransient(statementFault(withCode(code), WRITE))).toBe(true);
  });

  it('is true when no session could be had', () => {
    expect(isTransient(connectFault(withCode('ECONNREFUSED')))).toBe(true);
  });

  it.each(['22021', '23503', '42P01', '54000'])('is false for %s', (code) => {
    expect(isTransient(statementFault(withCode(code), WRITE))).toBe(false);
  });

  it.each([new RangeError('Invalid string length'), new TypeError('circular'), new Error('a bug')])(
    'is false for an error that is not of the database: %s',
    (error) => expect(isTransient(error)).toBe(false),
  );
});
