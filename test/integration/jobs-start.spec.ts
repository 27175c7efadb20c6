import { randomUUID } from 'node:crypto';
import { createApp, listen } from '../../src/app.module.js';
import { Conductor } from '../../src/conductors/conductor.js';
import { accept } from '../../src/database/transitions/accept.js';
import { JobRepository } from '../../src/jobs/job.repository.js';
import { queueBackend } from '../../src/jobs/queue/queue-backend.js';
import { setUp } from '../../src/setup.js';
import { testDatabase, testServerFolder } from '../support/database.js';
import { insertNode } from '../support/nodes.js';
import { until } from '../support/until.js';

/** A worker takes a waiting entry in a small part of the time that so many answers take. */
const ANSWERS = 200;

it('jobs are begun only when the service listens', async () => {
  const place = await testDatabase();
  const database = place.open();
  const setup = await setUp({
    FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
    FERRULE_DATA_DIR: testServerFolder(),
  });
  const backend = await queueBackend(undefined, place.connection);
  await backend.prepare();
  const queue = backend.producer();
  const app = await createApp(setup, database);
  try {
    app.useLogger(false);
    await app.init();
    const job = {
      id: randomUUID(),
      driver: 'fake-hardware',
      vendor_interface: 'fake-options',
      method: 'report_progress',
      http_method: 'POST',
      node_id: (await insertNode(database)).id,
      node_uuid: null,
      node_updated_at: null,
      token: randomUUID(),
      args: {},
      request_id: 'req-test',
      caller: null,
    };
    expect(await accept(database.hot, [job], app.get(Conductor))).toEqual(['accepted']);
    const jobs = app.get(JobRepository);
    await queue.waitUntilReady();
    await queue.add('run', { ids: [job.id] }, {});
    for (let answer = 0; answer < ANSWERS; answer++) expect(await queue.getWaitingCount()).toBe(1);
    expect((await jobs.find(job.id))?.state).toBe('queued');
    await listen(app, { port: 0, host: '127.0.0.1' });
    await until(async () => (await jobs.find(job.id))?.state === 'succeeded');
  } finally {
    await app.close();
    await queue.close();
    await database.close();
    await place.drop();
  }
});
