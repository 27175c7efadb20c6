import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { listen } from '../../src/app.module.js';
import { LostEntries } from '../../src/jobs/running/lost-entries.js';
import { JobQueue } from '../../src/jobs/queue/job-queue.js';
import { queueOf } from '../../src/jobs/queue/job-queues.js';
import { JobProcessor } from '../../src/jobs/running/job.processor.js';
import { RunningJobs } from '../../src/jobs/running/running-jobs.js';
import { jobService } from '../support/job-service.js';
import { until } from '../support/until.js';

/** More than the entries that a process fetches at the same time. */
const ENTRIES = 8;
const BUSY = queueOf({ driver: 'fake-hardware', group: '' });

it('a lost entry of a job is found soon while the queue of another driver is busy', async () => {
  const { app, database, accept, close } = await jobService({
    FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,redfish',
    FERRULE_CONDUCTOR_CONCURRENCY: '1',
  });
  const enqueued = async (id: string, ago: string): Promise<void> => {
    await sql`update jobs set enqueued_at = now() - ${ago}::interval where id = ${id}`.execute(
      database.kysely,
    );
  };
  const isFound = async (id: string): Promise<boolean> => {
    const { rows } = await sql<{ isFound: boolean }>`
      select enqueued_at > now() - interval '50 seconds' as "isFound" from jobs where id = ${id}`.execute(
      database.kysely,
    );
    return rows[0]?.isFound === true;
  };
  try {
    await listen(app, { port: 0, host: '127.0.0.1' });
    const queue = app.get(JobQueue);
    const { search } = app.get(LostEntries);
    const running = await accept({ method: 'sleep', args: { seconds: 3_600 } });
    await app.get(JobProcessor).process([running.id], 'fake-hardware');
    for (let count = 0; count < ENTRIES; count++) await queue.add(BUSY, [randomUUID()]);
    const lost = await accept({ driver: 'redfish' });
    const waiting = await accept();
    await enqueued(lost.id, '1 minute');
    await enqueued(waiting.id, '1 minute');
    await until(async () => {
      await search.run();
      return isFound(lost.id);
    });
    expect(await queue.depth(BUSY)).toBeGreaterThan(0);
    expect(await isFound(waiting.id)).toBe(false);
    await enqueued(waiting.id, '10 minutes');
    await until(async () => {
      await search.run();
      return isFound(waiting.id);
    });
    app.get(RunningJobs).cancel(running.id);
  } finally {
    await close();
  }
});
