import { listen } from '../../src/app.module.js';
import { JobRepository } from '../../src/jobs/record/job.repository.js';
import { FORMER_QUEUE, queueOf } from '../../src/jobs/queue/job-queues.js';
import { queueBackend } from '../../src/jobs/queue/queue-backend.js';
import { SessionBudget } from '../../src/database/sessions/session-budget.js';
import { jobService } from '../support/job-service.js';
import { until } from '../support/until.js';

/** A worker takes a waiting entry in a small part of the time that so many answers take. */
const ANSWERS = 200;

it.each([
  ['its own queue', queueOf({ driver: 'fake-hardware', group: '' })],
  ['the queue of the versions before', FORMER_QUEUE],
])('jobs in %s are begun only when the service listens', async (_, name) => {
  const { app, connection, accept, close } = await jobService();
  const backend = await queueBackend(undefined, { connection, budget: new SessionBudget() });
  await backend.prepare();
  const queue = backend.producer();
  try {
    await app.init();
    const { id } = await accept();
    const jobs = app.get(JobRepository);
    await queue.waitUntilReady();
    await queue.add(name, { ids: [id] }, {});
    for (let answer = 0; answer < ANSWERS; answer++) expect(await queue.waiting(name)).toBe(1);
    expect((await jobs.find(id))?.state).toBe('queued');
    await listen(app, { port: 0, host: '127.0.0.1' });
    await until(async () => (await jobs.find(id))?.state === 'succeeded');
  } finally {
    await queue.close();
    await close();
  }
});
