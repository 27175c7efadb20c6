import { BmcError, Conflict } from '@ferrule/driver-kit';
import { type AuditDetails, type AuditSubject, newRecord } from '../../audit/audit-record.js';
import { AuditUnavailable } from '../../database/faults/errors.js';
import { ClientGone } from '../../http/client-gone.js';
import { CallRecord } from './call-record.js';

const SUBJECT: AuditSubject = { caller: null, action: 'baremetal:node:vendor_passthru', method: 'flash' };
const DETAILS: AuditDetails = { rule: 'writers' };

describe('the record of a call', () => {
  let written: unknown[];
  let record: CallRecord;
  const audit = {
    assertWritable: () => {},
    beginning: (subject: AuditSubject, details: AuditDetails) => newRecord('begin', subject, details),
    add: (event: string, _: AuditSubject, details: AuditDetails) => written.push([event, details]),
  };

  beforeEach(() => {
    written = [];
    record = new CallRecord(false);
  });

  it('that has begun has an outcome without what the beginning says', () => {
    record.open(audit, SUBJECT, DETAILS);
    expect(JSON.parse(record.beginning?.text ?? '')).toEqual({
      event: 'begin',
      action: SUBJECT.action,
      method: 'flash',
      decision: 'allowed',
      rule: 'writers',
    });
    record.begun();
    record.succeeded({ status: 202, job: 'job-1' });
    expect(written).toEqual([['end', { status: 202, job: 'job-1' }]]);
  });

  it('is nothing before it is opened, and if the audit cannot be written', async () => {
    expect(record.beginning).toBeUndefined();
    record.failed(new Conflict('busy'));
    record.open(audit, SUBJECT, DETAILS);
    const refusal = new AuditUnavailable();
    await expect(record.before(() => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(written).toEqual([]);
  });

  it.each([
    ['a refusal', new Conflict('busy'), { status: 409, error: 'Conflict' }],
    ['an unexpected error', new Error('boom'), { status: 500, error: 'InternalError' }],
    [
      'a client that is gone, to which no status is sent',
      new ClientGone('it waited'),
      { error: 'ClientGone' },
    ],
  ])('has the outcome of %s before the method', async (_, error, outcome) => {
    record.open(audit, SUBJECT, DETAILS);
    await expect(record.before(() => Promise.reject(error))).rejects.toBe(error);
    expect(written).toEqual([['call', { ...DETAILS, ...outcome }]]);
  });

  it.each([
    [false, 500],
    [true, 502],
  ])('has the status of the answer, if that is a problem document: %s', (wantsProblem, status) => {
    record = new CallRecord(wantsProblem);
    record.open(audit, SUBJECT, {});
    record.failed(new BmcError('RedfishError', 'unreachable', 'away'));
    expect(written).toEqual([['call', { status, error: 'RedfishError' }]]);
  });

  it('has one outcome, the first', () => {
    record.open(audit, SUBJECT, DETAILS);
    record.failed(new ClientGone('the method ran'));
    record.succeeded();
    expect(written).toEqual([['call', { ...DETAILS, error: 'ClientGone' }]]);
  });
});
