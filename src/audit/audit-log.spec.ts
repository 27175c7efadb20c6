import { statementFault } from '../database/faults/database-fault.js';
import { isAboutRecord } from './audit-log.js';

describe('what PostgreSQL says of a record', () => {
  const fault = (code: string): unknown =>
    statementFault(Object.assign(new Error('x'), { code }), { text: 'select audit_append($1)' });

  it.each(['22021', '22P05', '23514', '54000'])('holds nothing else back: %s', (code) =>
    expect(isAboutRecord(fault(code))).toBe(true),
  );

  it.each(['42883', '42501', 'XX002', '53100', '57P01', 'ECONNRESET'])(
    'is about the database, so that it waits: %s',
    (code) => expect(isAboutRecord(fault(code))).toBe(false),
  );
});
