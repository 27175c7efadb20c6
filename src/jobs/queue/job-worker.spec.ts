import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { JobWorker } from './job-worker.js';
import { type QueueBackend } from './queue-backend.js';

describe('JobWorker', () => {
  let lifecycle: Lifecycle;
  let openings: number;
  let runs: number;
  let onError: (error: Error) => void;

  const backend = (waitUntilReady: () => Promise<void>): QueueBackend => ({
    prepare: async () => {},
    producer: () => {
      throw new Error('not asked for');
    },
    consumer: () => ({
      waitUntilReady,
      run: async () => void runs++,
      pause: async () => {},
      close: async () => {},
      getBackend: () => ({ close: async () => {}, disconnect: async () => {} }),
      on: (_event, listener) => {
        onError = listener;
      },
    }),
    end: () => {},
  });

  const worker = (open: () => Promise<QueueBackend>) =>
    new JobWorker(
      {
        backend: () => {
          openings++;
          return open();
        },
      },
      lifecycle,
    );

  beforeEach(() => {
    jest.useFakeTimers();
    Logger.overrideLogger(false);
    lifecycle = new Lifecycle(20);
    [openings, runs] = [0, 0];
  });
  afterEach(() => {
    lifecycle.onApplicationShutdown();
    jest.useRealTimers();
  });

  it('tries again a second after the queue could not be loaded', async () => {
    const ways = [
      () => Promise.reject(new Error('no module')),
      () => Promise.resolve(backend(async () => {})),
    ];
    const tried = worker(() => (ways.shift() ?? (() => Promise.reject(new Error('third'))))());
    await tried.start(['jobs'], async () => {});
    expect([openings, runs]).toEqual([1, 0]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect([openings, runs]).toEqual([2, 1]);
    await tried.close();
  });

  it('logs an error of its client until it is closed', async () => {
    const warn = jest.fn();
    const silent = { log: () => {}, error: () => {}, fatal: () => {} };
    Logger.overrideLogger({ ...silent, warn });
    const closed = worker(() => Promise.resolve(backend(async () => {})));
    await closed.start(['jobs'], async () => {});
    onError(new Error('connection lost'));
    expect(warn).toHaveBeenCalledTimes(1);
    await closed.close();
    jest.advanceTimersByTime(60_000);
    onError(new Error('terminating connection due to administrator command'));
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('does not run if the shutdown began while it connected', async () => {
    const drained = worker(() => Promise.resolve(backend(async () => lifecycle.drain())));
    await drained.start(['jobs'], async () => {});
    expect([openings, runs]).toEqual([1, 0]);
    await drained.close();
  });
});
