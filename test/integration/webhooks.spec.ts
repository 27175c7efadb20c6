import { randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { type JobView } from '../../src/jobs/record/job.view.js';
import { JobRepository } from '../../src/jobs/record/job.repository.js';
import { DeliveryRepository } from '../../src/webhooks/delivery.repository.js';
import { type Database } from '../../src/database/database.js';
import { startApp, startBeside, type TestApp } from '../support/app.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { scrape } from '../support/metrics.js';
import { call, createNode, ended, jobOf } from '../support/passthru.js';
import { acknowledge, Receiver } from '../support/receiver.js';
import { until } from '../support/until.js';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const PLANTED = 'planted-in-the-path';

interface Ended {
  readonly type: string;
  readonly timestamp: string;
  readonly data: JobView;
}

describe('webhooks', () => {
  let receiver: Receiver;
  let app: TestApp;
  let node: string;
  beforeAll(async () => {
    receiver = await Receiver.open();
    app = await startApp({
      FERRULE_WEBHOOK_URL: `${receiver.url}/${PLANTED}`,
      FERRULE_WEBHOOK_SECRET: SECRET,
      FERRULE_PUBLIC_ENDPOINT: 'https://ferrule.example',
    });
    node = await createNode(app.http);
  });
  afterEach(() => {
    receiver.reaction = acknowledge;
  });
  afterAll(async () => {
    await app.close();
    await receiver.close();
  });

  async function run(
    method: string,
    args: object = {},
  ): Promise<{ readonly path: string; readonly id: string }> {
    const path = jobOf(await call(app.http, node, method, args));
    await ended(app.http, path);
    return { path, id: path.split('/').at(-1) ?? '' };
  }

  const counted = async (outcome: string) =>
    (await scrape(app.http)).get(`ferrule_webhook_attempts_total{outcome="${outcome}"}`) ?? NaN;

  it('post the end of a job, signed, without what its method got, reported and returned', async () => {
    const { path, id } = await run('report_progress', { steps: 2 });
    await until(() => receiver.of(id).length > 0);
    const { path: target, headers, body } = receiver.of(id)[0] ?? { headers: {}, body: '' };
    expect(target).toBe(`/${PLANTED}`);
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const event = new Webhook(SECRET).verify(body, sent) as Ended;
    const { args, result, progress, progress_lines, ...shown } = (await app.http.get(path))
      .expect(200)
      .json<JobView>();
    expect(result).toEqual({ steps: 2 });
    expect([args, progress, progress_lines].every(Boolean)).toBe(true);
    expect(event).toEqual({ type: 'job.ended', timestamp: shown.finished_at, data: shown });
    expect(event.data.links[0]?.href).toBe(`https://ferrule.example/v1/jobs/${id}`);
    await until(async () => (await counted('delivered')) === 1);
    expect(receiver.of(id)).toHaveLength(1);
  });

  it('say why a job failed', async () => {
    const { id } = await run('fail');
    await until(() => receiver.of(id).length > 0);
    const { data } = JSON.parse(receiver.of(id)[0]?.body ?? '') as Ended;
    expect(data).toMatchObject({ state: 'failed', error: { code: expect.any(String) } });
  });

  it('come again, with the same id, until they are acknowledged, while jobs and other webhooks go on', async () => {
    const before = await counted('failed');
    let refused = '';
    receiver.reaction = (received, response, request) => {
      const id = String(received.headers['webhook-id']);
      refused ||= id;
      if (id !== refused) return acknowledge(received, response, request);
      const attempt = receiver.of(id).length;
      if (attempt === 1) return void response.destroy();
      if (attempt === 2) return void response.writeHead(503, { 'Retry-After': '1' }).end();
      acknowledge(received, response, request);
    };
    const { id } = await run('report_progress');
    await until(() => receiver.of(id).length > 0);
    const other = await run('report_progress');
    await until(() => receiver.of(other.id).length === 1 && receiver.of(id).length === 3);
    const bodies = new Set(receiver.of(id).map(({ body }) => body));
    expect(bodies.size).toBe(1);
    expect((await counted('failed')) - before).toBe(2);
    await until(async () => (await scrape(app.http)).get('ferrule_webhook_waiting') === 0);
    expect(app.log.text).toContain(`The end of job ${id} was not delivered to ${receiver.url}: `);
    expect(app.log.text).not.toContain(PLANTED);
  });

  it('of a job that ended days ago are given up', async () => {
    receiver.reaction = (_, response) => void response.writeHead(500).end();
    const { id } = await run('report_progress');
    await until(() => receiver.of(id).length > 0);
    const age = `update jobs set finished_at = now() - interval '4 days' where id = $1`;
    await app.database.query({ name: 'test-webhook-age', text: age }, [id]);
    await until(async () => (await counted('given-up')) === 1);
    const found = 'select from webhook_deliveries where job_id = $1';
    await until(
      async () => (await app.database.query({ name: 'test-webhook-found', text: found }, [id])).length === 0,
    );
  });
});

describe('webhooks that were switched off', () => {
  let receiver: Receiver;
  let app: TestApp;
  beforeAll(async () => {
    receiver = await Receiver.open();
    app = await startApp();
    // As by a process that had a URL.
    await new DeliveryRepository(app.database).switchOn();
  });
  afterAll(async () => {
    await app.close();
    await receiver.close();
  });

  it('wait with their jobs, and are delivered when they are switched on again', async () => {
    const [kept = '', deleted = ''] = await Promise.all(
      [0, 1].map(async () => {
        const path = jobOf(await call(app.http, await createNode(app.http), 'report_progress', { steps: 1 }));
        await ended(app.http, path);
        return path.split('/').at(-1);
      }),
    );
    const waiting = () => new DeliveryRepository(app.database).undelivered();
    expect(await waiting()).toMatchObject({ count: 2 });
    await app.database.query({ name: 'test-delete', text: 'delete from jobs where id = $1' }, [deleted]);
    const next = await startBeside(app, {
      FERRULE_HOSTNAME: 'cond-b',
      FERRULE_WEBHOOK_URL: receiver.url,
      FERRULE_WEBHOOK_SECRET: SECRET,
    });
    try {
      await until(() => receiver.of(kept).length === 1);
      await until(async () => (await waiting()).count === 0);
      expect(receiver.of(deleted)).toEqual([]);
    } finally {
      await next.close();
    }
  });
});

describe('deliveries of webhooks', () => {
  let place: TestDatabase;
  let database: Database;
  let deliveries: DeliveryRepository;
  let jobs: JobRepository;
  let statements = 0;
  beforeAll(async () => {
    place = await testDatabase();
    database = place.open();
    [deliveries, jobs] = [new DeliveryRepository(database), new JobRepository(database)];
  });
  afterAll(async () => {
    await database.close();
    await place.drop();
  });

  const sql = (text: string, values: unknown[] = []) =>
    database.query<Record<string, unknown>>({ name: `test-webhooks-${statements++}`, text }, values);

  async function endedJob(): Promise<string> {
    const id = randomUUID();
    await sql(
      `insert into jobs (id, state, driver, vendor_interface, method, http_method, request_id)
       values ($1, 'running', 'd', 'v', 'm', 'POST', 'req')`,
      [id],
    );
    await sql(`update jobs set state = 'succeeded', finished_at = now() where id = $1`, [id]);
    return id;
  }

  const claimed = async (seconds = 60) => (await deliveries.claim(10, seconds)).map(({ job }) => job.id);

  it('are kept from the first process with a URL on', async () => {
    await endedJob();
    expect(await claimed()).toEqual([]);
    await Promise.all([deliveries.switchOn(), deliveries.switchOn()]);
    const id = await endedJob();
    expect(await claimed()).toEqual([id]);
    await deliveries.delete([id]);
  });

  it('are those of one process at a time, and of another if that one falls silent', async () => {
    const ids = await Promise.all([1, 2, 3, 4].map(() => endedJob()));
    const both = await Promise.all([deliveries.claim(2, 60), deliveries.claim(2, 60)]);
    expect(
      both
        .flat()
        .map(({ job }) => job.id)
        .sort(),
    ).toEqual([...ids].sort());
    expect(await claimed()).toEqual([]);
    await deliveries.delete(ids);

    const id = await endedJob();
    expect(await claimed(0)).toEqual([id]);
    expect(await deliveries.claim(10, 60)).toMatchObject([{ job: { id }, attempts: 2 }]);
    await deliveries.postpone([{ id, attempts: 1, seconds: 0 }]);
    expect(await claimed()).toEqual([]);
    await deliveries.postpone([{ id, attempts: 2, seconds: 0 }]);
    expect(await claimed()).toEqual([id]);
    await deliveries.delete([id]);
  });

  it('keep their jobs from being deleted, also for how many are kept', async () => {
    const [first, second] = [await endedJob(), await endedJob()];
    await deliveries.delete([second]);
    const isThere = async (id: string) => jobs.exists(id);
    await jobs.deleteEnded(await jobs.keptSince({ seconds: 0, count: 1 }), 100, { keepsUndelivered: true });
    expect([await isThere(first), await isThere(second)]).toEqual([true, false]);
    expect(await deliveries.undelivered()).toMatchObject({ count: 1 });
    await jobs.deleteEnded(await jobs.keptSince({ seconds: 0 }), 100);
    expect(await isThere(first)).toBe(false);
    expect(await deliveries.undelivered()).toEqual({ count: 0, oldestSeconds: 0 });
  });
});
