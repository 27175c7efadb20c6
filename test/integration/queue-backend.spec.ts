import pg from 'pg';
import { GuardedClient } from '../../src/database/sessions/guarded-client.js';
import { queueBackend } from '../../src/jobs/queue/queue-backend.js';
import { SessionBudget } from '../../src/database/sessions/session-budget.js';
import { testDatabase } from '../support/database.js';
import { until } from '../support/until.js';

const QUEUES = Array.from({ length: 12 }, (_, number) => `queue-${number}`);

it('workers of many queues share few sessions, which are guarded, and leave pg to others as it is', async () => {
  const place = await testDatabase();
  const before = pg.Client;
  const backend = await queueBackend(undefined, {
    connection: place.connection,
    budget: new SessionBudget(),
  });
  await backend.prepare();
  const got: string[] = [];
  const consumer = backend.consumer(
    QUEUES,
    async ({ data }, queue) => {
      got.push(`${queue}: ${data.ids.join()}`);
    },
    { autorun: false },
  );
  consumer.on('error', () => {});
  const producer = backend.producer();
  const database = place.open();
  const sessions = async (): Promise<number> => {
    const text = `select count(*)::int as count from pg_stat_activity
                  where datname = current_database() and application_name <> 'ferrule'`;
    const [row] = await database.query<{ count: number }>({ name: 'sessions', text }, []);
    return row?.count ?? 0;
  };
  try {
    await Promise.all([consumer.waitUntilReady(), producer.waitUntilReady()]);
    const [worker] = Reflect.get(consumer, 'clients') as (typeof consumer)[];
    const connection: unknown = Reflect.get(worker?.getBackend() ?? {}, 'connection');
    if (typeof connection !== 'object' || connection === null)
      throw new TypeError('BullMQ has no connection.');
    expect(Reflect.get(connection, 'listenClient')).toBeInstanceOf(GuardedClient);
    expect(pg.Client).toBe(before);
    void consumer.run();
    for (const queue of QUEUES) await producer.add(queue, { ids: [queue] }, {});
    await until(() => got.length === QUEUES.length);
    expect(got.sort()).toEqual(QUEUES.map((queue) => `${queue}: ${queue}`).sort());
    expect(await sessions()).toBeLessThanOrEqual(7);
  } finally {
    await Promise.all([consumer.close(), producer.close()]);
    await until(async () => (await sessions()) === 0);
    await database.close();
    await place.drop();
  }
});
