import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { INTERFACE_KINDS } from '@ferrule/driver-kit';
import { sql } from 'kysely';
import { type Database } from '../../src/database/database.js';
import { testDatabase, type TestDatabase, urlOf } from '../support/database.js';
import { HttpClient } from '../support/http-client.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';

const LISTS = 200;
const NODES = 1_000;

describe('many large lists at the same time', () => {
  let place: TestDatabase;
  let database: Database;
  let directory: DataDirectory;
  let service: Service;
  beforeAll(async () => {
    place = await testDatabase();
    database = place.open();
    const interfaces = INTERFACE_KINDS.map((kind) => sql.ref(`${kind}_interface`));
    await sql`
      insert into nodes (uuid, driver, provision_state, driver_info, properties, ${sql.join(interfaces)})
      select gen_random_uuid(), 'fake-hardware', 'enroll', '{"password": "secret", "fake_slot": 1}', '{"cpus": 16}',
        ${sql.join(interfaces.map(() => sql`'fake'`))}
      from generate_series(1, ${NODES}::int)`.execute(database.kysely);
    directory = await dataDirectory({ isNew: true });
    service = await directory.start({ FERRULE_DATABASE_URL: urlOf(place.connection), FERRULE_LEASE: '3s' });
  });
  afterAll(async () => {
    await directory.dispose();
    await database.close();
    await place.drop();
  });

  /** Does not read more than the beginning of the answer. */
  async function list(onAnswer: () => void): Promise<Socket> {
    const { hostname, port } = new URL(service.http.base);
    const client = connect(Number(port), hostname);
    client.on('error', () => {});
    await once(client, 'connect');
    client.write(`GET /v1/nodes/detail HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
    client.once('data', () => {
      client.pause();
      onAnswer();
    });
    return client;
  }

  async function lease(): Promise<string | undefined> {
    const { rows } = await sql<{
      until: string;
    }>`select max(expires_at)::text as until from conductors`.execute(database.kysely);
    return rows[0]?.until;
  }

  it('hold up neither other requests nor the lease', async () => {
    let answered = 0;
    const clients = await Promise.all(Array.from({ length: LISTS }, () => list(() => answered++)));
    await until(() => answered > 0);
    const before = await lease();
    const renewed = until(async () => (await lease()) !== before).then(() => answered);
    // On a connection of its own.
    const other = new HttpClient(service.http.base);
    (await other.get('/healthz')).expect(200);
    const atHealth = answered;
    const atRenewal = await renewed;
    for (const client of clients) client.destroy();
    other.close();
    expect(atHealth).toBeLessThan(LISTS / 4);
    expect(atRenewal).toBeLessThan(LISTS / 2);
  });
});
