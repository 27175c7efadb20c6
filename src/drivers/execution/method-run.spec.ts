import { jest } from '@jest/globals';
import {
  Attachment,
  BmcError,
  Conflict,
  type ExclusiveTask,
  JobCancelled,
  OutcomeUnknown,
  type PassthruOptions,
  type Progress,
  type Task,
} from '@ferrule/driver-kit';
import { ANYONE } from '../../auth/caller.js';
import { type MethodCall } from './method-call.js';
import { MethodRun } from './method-run.js';
import { PassthruMethod } from '../methods/passthru-method.js';
import { Stop } from '../../waiting/stop.js';
import { NodeLockLost } from '../../reservations/errors.js';

const NODE = {
  uuid: '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10',
  name: null,
  driver: 'acme',
  driverInfo: { acme_password: 'hunter2' },
  driverInternalInfo: {},
  properties: {},
  extra: {},
  instanceInfo: {},
  powerState: null,
};

type Handler = (task: ExclusiveTask, args: Record<string, unknown>) => unknown;

function call(
  handler: Handler,
  options: Partial<PassthruOptions> = {},
  more: Partial<MethodCall> = {},
): MethodCall {
  return {
    mode: 'sync',
    method: new PassthruMethod({
      scope: 'node',
      key: 'act',
      options: { http: ['POST'], description: 'Do it.', ...options },
    }),
    operation: { kind: 'vendor', interface: 'acme', name: 'act' },
    vendorInterface: { source: 'driver-acme@1.0.0', target: { act: handler } },
    driver: 'acme',
    httpMethod: 'POST',
    requestId: 'req-1',
    caller: ANYONE,
    args: { a: 1 },
    node: NODE,
    redact: (text) => text.replaceAll('hunter2', '******'),
    ...more,
  };
}

const untilAborted = (task: Task) =>
  new Promise<never>((_, reject) => {
    task.signal.addEventListener('abort', () => reject(new Error('aborted')));
  });

describe('MethodRun', () => {
  it.each([
    ['an object', { a: [1] }, '{"a":[1]}'],
    ['nothing', undefined, 'null'],
    ['null', null, 'null'],
    ['text', 'done', '"done"'],
    ['false', false, 'false'],
  ])('makes JSON of %s', async (_, value, json) => {
    await expect(new MethodRun(call(() => value)).ended).resolves.toEqual({ json });
  });

  it('gives the method its task and arguments', async () => {
    const seen = new MethodRun(
      call(
        ({ node, httpMethod, requestId, fence }, args) => ({
          uuid: node.uuid,
          httpMethod,
          requestId,
          fence,
          args,
        }),
        {},
        { access: { fence: '7', saveInternalInfo: async () => {} } },
      ),
    );
    await expect(seen.ended).resolves.toEqual({
      json: JSON.stringify({
        uuid: NODE.uuid,
        httpMethod: 'POST',
        requestId: 'req-1',
        fence: '7',
        args: { a: 1 },
      }),
    });
  });

  it('passes progress on', async () => {
    const reports: Progress[] = [];
    const run = new MethodRun(
      call((task) => task.progress({ percent: 50 }), {}, { onProgress: (report) => reports.push(report) }),
    );
    await run.ended;
    expect(reports).toEqual([{ percent: 50 }]);
  });

  it('tells a method that asks its signal what no timer has told yet', async () => {
    let isLost = false;
    const lost: Stop = new Stop(() => {
      if (isLost) lost.abort(new NodeLockLost(NODE.uuid));
    });
    const asked: boolean[] = [];
    const run = new MethodRun(
      call(
        async ({ signal }) => {
          const any = AbortSignal.any([signal]);
          asked.push(signal.aborted);
          signal.throwIfAborted();
          isLost = true;
          asked.push(any.aborted, signal.aborted, any.aborted);
          signal.throwIfAborted();
          asked.push(true);
        },
        {},
        { stop: lost },
      ),
    );
    await expect(run.ended).rejects.toThrow(NodeLockLost);
    expect(asked).toEqual([false, false, true, true]);
  });

  it('stores and reports nothing for a method that has ended', async () => {
    const saved: unknown[] = [];
    const reports: Progress[] = [];
    const stop = new Stop();
    let late: ExclusiveTask | undefined;
    const begin = (handler: Handler) =>
      new MethodRun(
        call(
          (task, args) => {
            late = task;
            return handler(task, args);
          },
          {},
          {
            stop,
            onProgress: (report) => reports.push(report),
            access: { fence: '7', saveInternalInfo: async (changes) => void saved.push(changes) },
          },
        ),
      );
    await begin((task) => task.saveInternalInfo({ in: 'time' })).ended;
    await expect(late?.saveInternalInfo({ too: 'late' })).rejects.toThrow(/'act' has ended/);
    late?.progress({ percent: 100 });

    const aborted = begin(untilAborted);
    const lost = new NodeLockLost(NODE.uuid);
    stop.abort(lost);
    await expect(aborted.ended).rejects.toBe(lost);
    await expect(late?.saveInternalInfo({ too: 'late' })).rejects.toBe(lost);
    expect([saved, reports]).toEqual([[{ in: 'time' }], []]);
  });

  it('returns an attachment, and requires one if it is declared', async () => {
    const file = new Attachment('x');
    await expect(new MethodRun(call(() => file, { attach: true })).ended).resolves.toEqual({
      attachment: file,
    });
    await expect(new MethodRun(call(() => 'x', { attach: true })).ended).rejects.toThrow('returned none');
  });

  it.each([
    ['a function', () => () => 1],
    ['a bigint', () => ({ n: 1n })],
  ])('fails on %s, which JSON cannot represent', async (_, handler) => {
    await expect(new MethodRun(call(handler)).ended).rejects.toMatchObject({
      code: 'VendorPassthruException',
      status: 500,
    });
  });

  it("lets the kit's errors through and wraps all others, without secrets", async () => {
    const throwing = (error: Error) =>
      new MethodRun(
        call(() => {
          throw error;
        }),
      ).ended;
    await expect(throwing(new Conflict('busy with hunter2'))).rejects.toMatchObject({
      code: 'Conflict',
      message: 'busy with ******',
    });
    await expect(throwing(new Error('bad hunter2'))).rejects.toMatchObject({
      code: 'VendorPassthruException',
      message: "Vendor passthru method 'act' failed: bad ******",
    });
  });

  it.each([
    ['an object without a prototype', () => Object.create(null) as unknown],
    [
      'an error whose message throws',
      () => Object.defineProperty(new Error('x'), 'message', { get: () => JSON.parse('{') as unknown }),
    ],
    ['an error whose message is a number', () => Object.assign(new Error('x'), { message: 5 })],
  ])('fails as the driver if a method throws %s', async (_, make) => {
    const run = new MethodRun(
      call(() => {
        throw make();
      }),
    );
    await expect(run.ended).rejects.toMatchObject({ code: 'VendorPassthruException', status: 500 });
  });

  it('masks secrets in the details and headers of an error', async () => {
    class Refused extends BmcError {
      override get details() {
        return { asked: 'hunter2' };
      }
      override get headers() {
        return { 'X-Reason': 'hunter2' };
      }
    }
    const run = new MethodRun(
      call(() => {
        throw new Refused('AcmeError', 'refused', 'no');
      }),
    );
    await expect(run.ended).rejects.toMatchObject({
      details: { asked: '******' },
      headers: { 'X-Reason': '******' },
    });
  });

  it('aborts the task at its time limit', async () => {
    const run = new MethodRun(call(untilAborted, { timeout: '10ms' }));
    await expect(run.ended).rejects.toMatchObject({ code: 'MethodTimeout', status: 504 });
  });

  it('aborts the task when the lock is lost, with that as the reason', async () => {
    const stop = new Stop();
    const run = new MethodRun(call(untilAborted, {}, { stop }));
    stop.abort(new NodeLockLost(NODE.uuid));
    await expect(run.ended).rejects.toMatchObject({ code: 'NodeLockLost' });
  });

  it('does not start if the lock is already lost', async () => {
    const stop = new Stop();
    stop.abort(new NodeLockLost(NODE.uuid));
    const handler = jest.fn();
    await expect(new MethodRun(call(handler, {}, { stop })).ended).rejects.toMatchObject({
      code: 'NodeLockLost',
    });
    expect(handler).not.toHaveBeenCalled();
  });

  it('answers with the reason of an abort while the method still runs', async () => {
    let end = (): void => {};
    const run = new MethodRun(call(() => new Promise<void>((resolve) => (end = resolve))));
    const before = expect(run.answer).rejects.toThrow('stop');
    run.abort(new Conflict('stop'));
    await before;
    await expect(run.answer).rejects.toThrow('stop');
    expect(run.hasEnded).toBe(false);
    end();
    await run.ended;
  });

  it('abandons a method that does not stop', async () => {
    jest.useFakeTimers();
    try {
      const run = new MethodRun(call(() => new Promise(() => {})));
      const ended = expect(run.ended).rejects.toMatchObject({ code: 'MethodAbandoned' });
      run.abort(new Conflict('stop'));
      await jest.advanceTimersByTimeAsync(10_000);
      await ended;
    } finally {
      jest.useRealTimers();
    }
  });

  it('says that a cancelled method did not stop', async () => {
    jest.useFakeTimers();
    try {
      const run = new MethodRun(call(() => new Promise(() => {})));
      const ended = expect(run.ended).rejects.toMatchObject({
        code: 'MethodAbandoned',
        message: "Vendor passthru method 'act' was cancelled and did not stop; its outcome is unknown.",
      });
      run.abort(new JobCancelled('cancelled'));
      await jest.advanceTimersByTimeAsync(10_000);
      await ended;
    } finally {
      jest.useRealTimers();
    }
  });

  it('knows that a method was in doubt when it was stopped', async () => {
    const inDoubt = async (task: Task): Promise<void> => {
      await untilAborted(task).catch(() => {});
      throw new OutcomeUnknown('perhaps with hunter2');
    };
    const run = new MethodRun(call(inDoubt));
    run.abort(new Conflict('stop'));
    await expect(run.ended).rejects.toThrow('stop');
    expect(run.doubt).toMatchObject({ code: 'OutcomeUnknown', message: 'perhaps with ******' });
    const alone = new MethodRun(call(() => Promise.reject(new OutcomeUnknown('perhaps'))));
    await expect(alone.ended).rejects.toThrow('perhaps');
    expect(alone.doubt).toBeUndefined();
  });

  it('answers with an error that its method left behind, and aborts it', async () => {
    const run = new MethodRun(call(untilAborted));
    run.fail(new Error('it lost hunter2'));
    const failure = {
      code: 'VendorPassthruException',
      message: "Vendor passthru method 'act' failed: it lost ******",
    };
    await expect(run.answer).rejects.toMatchObject(failure);
    await expect(run.ended).rejects.toMatchObject(failure);
  });

  it('fails with an error that its method left behind, also if it returns afterwards', async () => {
    const run = new MethodRun(call(() => Promise.resolve('done')));
    run.fail(new Error('it was lost'));
    await expect(run.ended).rejects.toMatchObject({ message: expect.stringContaining('it was lost') });
  });

  it('abandons a method that does not stop after an error that it left behind', async () => {
    jest.useFakeTimers();
    try {
      const run = new MethodRun(call(() => new Promise(() => {})));
      const failure = "Vendor passthru method 'act' failed: it lost ******";
      const ended = expect(run.ended).rejects.toMatchObject({
        code: 'MethodAbandoned',
        message:
          "Vendor passthru method 'act' did not stop after its abort; its outcome is unknown. " +
          `It was aborted after an error that it left behind: ${failure}`,
        cause: { message: failure },
      });
      run.fail(new Error('it lost hunter2'));
      await jest.advanceTimersByTimeAsync(10_000);
      await ended;
    } finally {
      jest.useRealTimers();
    }
  });

  it('keeps the result of a method that ended before it noticed the abort', async () => {
    const run = new MethodRun(call(() => Promise.resolve('done')));
    run.abort(new Conflict('too late'));
    await expect(run.ended).resolves.toEqual({ json: '"done"' });
  });
});
