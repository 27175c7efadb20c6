import { printable } from '@ferrule/driver-kit/plain';
import { AuditUnavailable } from '../../../src/database/faults/errors.js';
import { finish } from '../../../src/database/transitions/finish.js';
import { giveBack } from '../../../src/database/transitions/give-back.js';
import { verify } from '../../../src/audit/chain.js';
import { ending, endOf, newJob, SOMEBODY, TransitionStage } from './stage.js';
import { AUDITED } from '../../support/database.js';

describe('finish', () => {
  let stage: TransitionStage;
  let database: TransitionStage['database'];
  beforeAll(async () => {
    stage = await TransitionStage.create();
    ({ database } = stage);
  });
  afterAll(() => stage.close());

  it('records endings, frees locks, keeps files and notes errors together', async () => {
    const [fine, bad] = [await stage.newNode(), await stage.newNode()];
    const [good, failed] = [await stage.running(fine), await stage.running(bad)];
    const body = Buffer.from([0, 1, 254, 255]);
    const endings = [
      ending(good.id, { progress: '{"percent":100,"message":null}' }),
      ending(failed.id, {
        state: 'failed',
        result: null,
        error: '{"code":"X","message":"it\\u0000broke"}',
        node_error: 'note',
        last_error: 'it broke',
      }),
    ];
    const file = { job_id: good.id, content_type: 'text/plain', filename: null, body };
    expect(await finish(database.hot, endings, [file], AUDITED)).toEqual([true, true]);
    expect(await stage.jobRow(good.id)).toMatchObject({
      state: 'succeeded',
      result: { answer: 42 },
      progress: { percent: 100 },
      has_attachment: true,
      args: {},
    });
    expect(await stage.jobRow(failed.id)).toMatchObject({ state: 'failed', has_attachment: false });
    expect(await stage.sql('select * from job_attachments where job_id = $1', [good.id])).toEqual([file]);
    expect(await stage.lockOf(fine)).toMatchObject({ token: null, job_id: null, fence: '1' });
    expect(await stage.lockOf(bad)).toMatchObject({ token: null });
    const errors = 'select last_error, last_error_by_passthru from nodes where id = $1';
    expect(await stage.sql(errors, [bad.id])).toEqual([
      { last_error: 'it broke', last_error_by_passthru: true },
    ]);

    const next = await stage.running(bad);
    await finish(database.hot, [ending(next.id)], [], AUDITED);
    expect(await stage.sql(errors, [bad.id])).toEqual([{ last_error: null, last_error_by_passthru: false }]);
  });

  it('adds the ends to the audit, each once, unless there is none', async () => {
    const [succeeded, failed] = [await stage.running(await stage.newNode()), await stage.running(null)];
    const error = '{"code":"X","message":"it broke"}';
    const endings = [
      ending(succeeded.id),
      ending(failed.id, { state: 'failed', result: null, error, error_code: 'X' }),
    ];
    await finish(database.hot, endings, [], AUDITED);
    await finish(database.hot, endings, [], AUDITED);
    expect(await stage.auditOf(succeeded.id)).toEqual([endOf(succeeded, 'succeeded')]);
    expect(await stage.auditOf(failed.id)).toEqual([endOf(failed, 'failed', 'X')]);
    expect(await verify(database)).toMatchObject({ isWhole: true });

    const unheard = await stage.running(null);
    expect(await finish(database.hot, [ending(unheard.id)], [], { audit: false })).toEqual([true]);
    expect(await stage.auditOf(unheard.id)).toEqual([]);
  });

  it('escapes control characters in the audit as other records do, and finds the record by the name', async () => {
    const caller = { ...SOMEBODY, name: 'some\u007f\u0085body\u001b' };
    const job = newJob(null, { caller });
    expect(await stage.acceptAll(job)).toEqual(['accepted']);
    await stage.adoptOne(job.id);
    await finish(database.hot, [ending(job.id)], [], AUDITED);
    const [row] = await stage.sql<{ record: string }>('select record from audit where caller = $1', [
      caller.name,
    ]);
    expect(row?.record).toContain(String.raw`"caller":"some\u007f\u0085body\u001b"`);
    expect(row?.record).toBe(printable(row?.record ?? ''));
    expect(await verify(database)).toMatchObject({ isWhole: true });
  });

  it('ends no job whose end cannot be added to the audit', async () => {
    const node = await stage.newNode();
    const job = await stage.running(node);
    await stage.withoutAudit(async () => {
      await expect(finish(database.hot, [ending(job.id)], [], AUDITED)).rejects.toThrow(AuditUnavailable);
      expect(await stage.jobRow(job.id)).toMatchObject({ state: 'running', result: null });
      expect(await stage.lockOf(node)).toMatchObject({ token: job.token });
    });
    expect(await finish(database.hot, [ending(job.id)], [], AUDITED)).toEqual([true]);
    expect(await stage.auditOf(job.id)).toEqual([endOf(job, 'succeeded')]);
  });

  it('changes a job once, and only in the adoption that it names', async () => {
    const node = await stage.newNode();
    const job = await stage.running(node);
    await giveBack(database.hot, { id: job.id, adoption: 1 });
    expect(await stage.adoptOne(job.id)).toMatchObject({ adoption: 2 });
    expect(await finish(database.hot, [ending(job.id)], [], AUDITED)).toEqual([false]);
    expect(await stage.lockOf(node)).toMatchObject({ token: job.token });
    expect(await finish(database.hot, [ending(job.id, { adoption: 2 })], [], AUDITED)).toEqual([true]);
    expect(await finish(database.hot, [ending(job.id, { adoption: 2, result: '1' })], [], AUDITED)).toEqual([
      false,
    ]);
    expect(await stage.jobRow(job.id)).toMatchObject({ result: { answer: 42 } });
  });
});
