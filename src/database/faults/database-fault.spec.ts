import { connectFault, isSessionLost, statementFault } from './database-fault.js';
import { DatabaseUnavailable, OutcomeUnknown } from './errors.js';

const withCode = (code: string) => Object.assign(new Error('x'), { code });
const lost = new Error('Connection terminated unexpectedly');
const READ = { text: 'select 1' };
const WRITE = { text: 'with x as (insert into nodes default values) select 1' };

describe('a fault of the database', () => {
  it.each(['53100', '53300', '57014', '57P01', '57P03', '58030', '40P01', '25006'])(
    'is 503 for a write that PostgreSQL refused with %s',
    (code) => expect(statementFault(withCode(code), WRITE)).toBeInstanceOf(DatabaseUnavailable),
  );

  it.each([
    lost,
    withCode('ECONNRESET'),
    withCode('08006'),
    withCode('57P02'),
    new Error('Query read timeout'),
  ])('is unknown for a write whose answer is lost: %s', (error) =>
    expect(statementFault(error, WRITE)).toMatchObject({ status: 500, cause: error }),
  );

  it('is 503 for a read whose answer is lost, and for a write that is undone by itself', () => {
    expect(statementFault(lost, READ)).toMatchObject({ status: 503, cause: lost });
    expect(statementFault(lost, { ...WRITE, isHealed: true })).toBeInstanceOf(DatabaseUnavailable);
  });

  it('is unknown for a commit', () => {
    expect(statementFault(lost, { text: 'commit' })).toBeInstanceOf(OutcomeUnknown);
  });

  it('is 503 when no session could be had', () => {
    expect(connectFault(withCode('ECONNREFUSED'))).toMatchObject({ status: 503 });
  });

  it.each([withCode('23505'), withCode('22P02'), withCode('42P01'), new TypeError('x is not a function')])(
    'is none for %s, which stays as it is',
    (error) => {
      expect(statementFault(error, WRITE)).toBe(error);
      expect(isSessionLost(error)).toBe(false);
    },
  );

  it.each([lost, withCode('57P01'), withCode('EPIPE'), withCode('08003')])(
    'ends the session after %s',
    (error) => expect(isSessionLost(error)).toBe(true),
  );
});
