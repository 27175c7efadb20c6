import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { createApp, listen } from '../../src/app.module.js';
import { Conductor } from '../../src/conductors/conductor.js';
import { accept } from '../../src/database/transitions/accept.js';
import { JobProcessor } from '../../src/jobs/running/job.processor.js';
import { setUp } from '../../src/setup.js';
import { testDatabase, testServerFolder } from '../support/database.js';
import { insertNode } from '../support/nodes.js';
import { until } from '../support/until.js';

/** A shutdown that waits for nothing ends in a small part of the time that so many answers take. */
const ANSWERS = 200;

it('a shutdown waits for the adoption of a job, which is then returned to the queue', async () => {
  const place = await testDatabase();
  const database = place.open();
  const other = new pg.Client({ ...place.connection, application_name: 'test' });
  await other.connect();
  const rows = async (text: string) =>
    (await sql<Record<string, unknown>>`${sql.raw(text)}`.execute(database.kysely)).rows;
  /** Those of the queue have no name. */
  const sessionsOfTheQueue = async () =>
    (
      await rows(`select from pg_stat_activity where datname = current_database() and backend_type = 'client backend'
                  and application_name = ''`)
    ).length;
  try {
    const setup = await setUp({
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
      FERRULE_DATA_DIR: testServerFolder(),
    });
    const app = await createApp(setup, database);
    app.useLogger(false);
    await listen(app, { port: 0, host: '127.0.0.1' });
    await until(async () => (await sessionsOfTheQueue()) > 0);
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

    await other.query('begin');
    await other.query('select from jobs for update');
    const processed = app.get(JobProcessor).process([job.id]);
    await until(
      async () => (await rows(`select from pg_stat_activity where wait_event_type = 'Lock'`)).length > 0,
    );
    const sessions = await sessionsOfTheQueue();
    let hasClosed = false;
    const closed = app.close().then(() => (hasClosed = true));
    await until(async () => (await sessionsOfTheQueue()) < sessions);
    for (let answer = 0; answer < ANSWERS; answer++)
      expect([await rows('select'), hasClosed]).toEqual([[{}], false]);
    await other.query('commit');
    await closed;
    expect(await rows('select state, adoptions from jobs')).toEqual([{ state: 'queued', adoptions: 1 }]);
    await processed;
  } finally {
    await other.end();
    await database.close();
    await place.drop();
  }
});
