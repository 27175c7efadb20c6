import { createApp } from '../../src/app.module.js';
import { type Database } from '../../src/database/database.js';
import { Lifecycle } from '../../src/lifecycle/lifecycle.js';
import { setUp } from '../../src/setup.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { HttpClient } from '../support/http-client.js';

describe('/readyz', () => {
  let place: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    place = await testDatabase();
    database = place.open();
  });
  afterAll(async () => {
    await database.close();
    await place.drop();
  });

  it('is 503 until the process is known as a conductor, although it listens', async () => {
    const env = { FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware', FERRULE_HOSTNAME: 'cond-a' };
    const app = await createApp(await setUp(env), database);
    try {
      await app.listen(0, '127.0.0.1');
      const http = new HttpClient(await app.getUrl());
      const process = async () => (await http.get('/readyz')).json<Check>().details.process;
      (await http.get('/healthz')).expect(200);
      (await http.get('/readyz')).expect(503);
      expect(await process()).toEqual({ status: 'down', message: 'starting' });
      app.get(Lifecycle).serve();
      expect(await process()).toEqual({ status: 'up' });
      http.close();
    } finally {
      await app.close();
    }
  });
});

interface Check {
  readonly details: { readonly process: { readonly status: string; readonly message?: string } };
}
