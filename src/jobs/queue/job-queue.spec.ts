import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { SessionBudget } from '../../database/sessions/session-budget.js';
import { JobQueue } from './job-queue.js';

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('JobQueue', () => {
  let lifecycle: Lifecycle;
  let queue: JobQueue;
  beforeEach(async () => {
    const redisUrl = `redis://127.0.0.1:${await unusedPort()}`;
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    Logger.overrideLogger(false);
    lifecycle = new Lifecycle(20);
    queue = new JobQueue(
      { redisUrl },
      { connection: { connectionString: '' }, budget: new SessionBudget() },
      lifecycle,
    );
  });
  afterEach(async () => {
    await queue.onApplicationShutdown();
    lifecycle.onApplicationShutdown();
    jest.useRealTimers();
  });

  it('does not count the import of BullMQ as time in which the queue should answer', async () => {
    lifecycle.serve();
    const stop = new AbortController();
    const depth = queue.depth(undefined, stop.signal);
    // The import has only begun.
    jest.advanceTimersByTime(60_000);
    stop.abort(new Error('still waiting'));
    await expect(depth).rejects.toThrow('still waiting');
  });
});
