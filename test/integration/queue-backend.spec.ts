import pg from 'pg';
import { GuardedClient } from '../../src/database/sessions/guarded-client.js';
import { queueBackend } from '../../src/jobs/queue/queue-backend.js';
import { testDatabase } from '../support/database.js';

it('the queue guards its own LISTEN session, and leaves pg to others as it is', async () => {
  const place = await testDatabase();
  const before = pg.Client;
  const backend = await queueBackend(undefined, place.connection);
  await backend.prepare();
  const consumer = backend.consumer(async () => {}, { autorun: false });
  consumer.on('error', () => {});
  try {
    await consumer.waitUntilReady();
    const connection: unknown = Reflect.get(consumer.getBackend(), 'connection');
    if (typeof connection !== 'object' || connection === null)
      throw new TypeError('BullMQ has no connection.');
    expect(Reflect.get(connection, 'listenClient')).toBeInstanceOf(GuardedClient);
    expect(pg.Client).toBe(before);
  } finally {
    await consumer.close();
    await place.drop();
  }
});
