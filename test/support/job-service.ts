import { randomUUID } from 'node:crypto';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { ANYONE } from '../../src/auth/caller.js';
import { createApp } from '../../src/app.module.js';
import { Conductor } from '../../src/conductors/conductor.js';
import { type Connection } from '../../src/database/sessions/connection.js';
import { type Database } from '../../src/database/database.js';
import { accept, type NewJobRow } from '../../src/database/transitions/accept.js';
import { setUp } from '../../src/setup.js';
import { testDatabase } from './database.js';
import { testServerFolder } from './server-folder.js';
import { insertNode } from './nodes.js';

export interface JobService {
  readonly app: NestExpressApplication;
  readonly database: Database;
  readonly connection: Connection;
  /** Stores a job as an asynchronous call does, without an entry in the queue. */
  accept(changes?: Partial<NewJobRow>): Promise<{ readonly id: string }>;
  /** Closes the app, too, which a test may have closed before. */
  close(): Promise<void>;
}

/** The service before it listens. @param env settings. */
export async function jobService(env: Readonly<Record<string, string>> = {}): Promise<JobService> {
  const place = await testDatabase();
  const database = place.open();
  const close = async (): Promise<void> => {
    await database.close();
    await place.drop();
  };
  try {
    const setup = await setUp({
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
      FERRULE_DATA_DIR: testServerFolder(),
      ...env,
    });
    const app = await createApp(setup, database);
    app.useLogger(false);
    return {
      app,
      database,
      connection: place.connection,
      accept: (changes) => acceptJob(app, database, changes),
      close: async () => {
        await app.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function acceptJob(
  app: NestExpressApplication,
  database: Database,
  changes: Partial<NewJobRow> = {},
): Promise<{ readonly id: string }> {
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
    caller: ANYONE,
    ...changes,
  };
  expect(await accept(database.hot, [job], app.get(Conductor))).toEqual(['accepted']);
  return job;
}
