import { Backlog } from './backlog.js';
import { AuditUnavailable } from '../database/faults/errors.js';

describe('the backlog', () => {
  const LIMIT = 20_000;

  /** A destination that fails as long as `failure` is set, for batches with `refused` always. */
  function made() {
    const state: { failure?: Error | undefined; afterLoss?: Error } = {};
    const written: string[] = [];
    const failures: unknown[] = [];
    const lost: string[] = [];
    const refusal = new Error('refused');
    let tell = (): void => {};
    const failed = new Promise<void>((resolve) => (tell = resolve));
    const backlog = new Backlog<string>(
      (batch) => {
        if (state.failure) return Promise.reject(state.failure);
        if (batch.includes('refused')) return Promise.reject(refusal);
        written.push(...batch);
        return Promise.resolve();
      },
      {
        isRefused: (error) => error === refusal,
        onFailure: (error) => {
          failures.push(error);
          tell();
        },
        onLost: (record) => {
          lost.push(record);
          state.failure = state.afterLoss;
        },
      },
    );
    return { state, backlog, written, failures, lost, failed };
  }

  it('writes in order what waits when it is closed', async () => {
    const { backlog, written, failures } = made();
    const records = Array.from({ length: 1_200 }, (_, index) => String(index));
    for (const record of records) backlog.add(record);
    await backlog.close(LIMIT);
    expect(written).toEqual(records);
    expect(failures).toEqual([]);
  });

  it('leaves out what can never be written, and only that', async () => {
    const { backlog, written, failures, lost } = made();
    for (const record of ['a', 'refused', 'b']) backlog.add(record);
    await backlog.close(LIMIT);
    expect(written).toEqual(['a', 'b']);
    expect(lost).toEqual(['refused']);
    expect(failures).toEqual([]);
    expect(() => backlog.assertWritable()).not.toThrow();
  });

  it('loses nothing else if the database does not answer after it has refused a record', async () => {
    const { state, backlog, written, lost, failed } = made();
    state.afterLoss = new Error('the disk is full');
    for (const record of ['a', 'refused', 'b', 'c']) backlog.add(record);
    await failed;
    expect(() => backlog.assertWritable()).toThrow(AuditUnavailable);
    state.failure = undefined;
    await backlog.close(LIMIT);
    expect(written).toEqual(['a', 'b', 'c']);
    expect(lost).toEqual(['refused']);
  });

  it('takes nothing while it cannot write, and writes all once it can', async () => {
    const { state, backlog, written, failed } = made();
    state.failure = new Error('the disk is full');
    backlog.add('a');
    backlog.add('b');
    await failed;
    expect(() => backlog.assertWritable()).toThrow(AuditUnavailable);
    state.failure = undefined;
    await backlog.close(LIMIT);
    expect(written).toEqual(['a', 'b']);
    expect(() => backlog.assertWritable()).not.toThrow();
  });

  it('takes nothing while too many records wait', async () => {
    const { backlog } = made();
    for (let count = 0; count < 9_999; count++) backlog.add('a');
    expect(() => backlog.assertWritable()).not.toThrow();
    backlog.add('a');
    expect(() => backlog.assertWritable()).toThrow(AuditUnavailable);
    await backlog.close(LIMIT);
    expect(() => backlog.assertWritable()).not.toThrow();
  });
});
