import { BmcError, Conflict } from '@ferrule/driver-kit';
import { type AuditDetails, type AuditSubject } from '../../audit/audit-record.js';
import { AuditUnavailable } from '../../audit/errors.js';
import { ClientGone } from '../client-gone.js';
import { CallRecord } from './call-record.js';

const SUBJECT: AuditSubject = { caller: null, action: 'baremetal:node:vendor_passthru', method: 'flash' };

describe('the record of a call', () => {
  let written: unknown[];
  let onDisk: () => void;
  let lose: (error: Error) => void;
  let record: CallRecord;
  const audit = {
    assertWritable: () => {},
    begin: (): Promise<void> => {
      written.push('begin');
      return new Promise((resolve, reject) => {
        onDisk = resolve;
        lose = reject;
      });
    },
    add: (event: string, _: AuditSubject, details: AuditDetails) => written.push([event, details]),
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    written = [];
    record = new CallRecord(false);
  });

  it('of a change has an outcome only once it has a beginning', async () => {
    record.change(audit, SUBJECT, {});
    record.succeeded({ status: 202, job: 'job-1' });
    await settle();
    expect(written).toEqual(['begin']);
    onDisk();
    await record.begun;
    expect(written).toEqual(['begin', ['end', { status: 202, job: 'job-1' }]]);
  });

  it('has no outcome if the beginning cannot be written', async () => {
    record.change(audit, SUBJECT, {});
    lose(new AuditUnavailable());
    await expect(record.before(() => record.begun)).rejects.toThrow(AuditUnavailable);
    await settle();
    expect(written).toEqual(['begin']);
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
    record.change(audit, SUBJECT, {});
    onDisk();
    await expect(record.before(() => Promise.reject(error))).rejects.toBe(error);
    await settle();
    expect(written).toEqual(['begin', ['end', outcome]]);
  });

  it.each([
    [false, 500],
    [true, 502],
  ])('has the status of the answer, if that is a problem document: %s', async (wantsProblem, status) => {
    record = new CallRecord(wantsProblem);
    record.read(audit, SUBJECT, {});
    record.failed(new BmcError('RedfishError', 'unreachable', 'away'));
    await settle();
    expect(written).toEqual([['call', { status, error: 'RedfishError' }]]);
  });

  it('has one outcome, the first', async () => {
    record.read(audit, SUBJECT, { rule: 'readers' });
    record.failed(new ClientGone('the method ran'));
    record.succeeded();
    await settle();
    expect(written).toEqual([['call', { rule: 'readers', error: 'ClientGone' }]]);
  });
});
