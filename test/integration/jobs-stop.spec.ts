import { sql } from 'kysely';
import pg from 'pg';
import { listen } from '../../src/app.module.js';
import { queueOf } from '../../src/jobs/queue/job-queues.js';
import { queueBackend } from '../../src/jobs/queue/queue-backend.js';
import { SessionBudget } from '../../src/database/sessions/session-budget.js';
import { Lifecycle } from '../../src/lifecycle/lifecycle.js';
import { JobProcessor } from '../../src/jobs/running/job.processor.js';
import { jobService } from '../support/job-service.js';
import { until } from '../support/until.js';

/** A shutdown that waits for nothing ends in a small part of the time that so many answers take. */
const ANSWERS = 200;

it('a shutdown waits for the adoption of a job, which is then returned to the queue', async () => {
  const { app, database, connection, accept, close } = await jobService();
  const other = new pg.Client({ ...connection, application_name: 'test' });
  await other.connect();
  const rows = async (text: string) =>
    (await sql<Record<string, unknown>>`${sql.raw(text)}`.execute(database.kysely)).rows;
  try {
    await listen(app, { port: 0, host: '127.0.0.1' });
    const { id } = await accept();

    await other.query('begin');
    await other.query('select from jobs for update');
    const processed = app.get(JobProcessor).process([id], 'fake-hardware');
    await until(
      async () => (await rows(`select from pg_stat_activity where wait_event_type = 'Lock'`)).length > 0,
    );
    let hasClosed = false;
    const closed = app.close().then(() => (hasClosed = true));
    await until(() => app.get(Lifecycle).isDraining);
    for (let answer = 0; answer < ANSWERS; answer++)
      expect([await rows('select'), hasClosed]).toEqual([[{}], false]);
    await other.query('commit');
    await closed;
    expect(await rows('select state, adoptions from jobs')).toEqual([{ state: 'queued', adoptions: 1 }]);
    const queue = (await queueBackend(undefined, { connection, budget: new SessionBudget() })).producer();
    expect(
      await queue.waiting(queueOf({ driver: 'fake-hardware', group: '' })).finally(() => queue.close()),
    ).toBe(1);
    await processed;
  } finally {
    await other.end();
    await close();
  }
});
