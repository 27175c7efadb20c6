import { randomUUID } from 'node:crypto';
import { type Answer, type HttpClient } from '../support/http-client.js';
import { ended, jobOf, unlocked } from '../support/passthru.js';
import { type Proxy } from '../support/proxy.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { watchedNode } from './calls.js';
import { ProxiedDatabase } from './proxied-database.js';

const ACCEPT = /accept-jobs/;
const TAKE = /idempotency-take/;
const REPLAYED = 'idempotency-replayed';

/** What the first request sent to the database is under way, while it was told that the outcome is unknown. */
describe('repeats of a call with a key whose process has no answer of the database', () => {
  let directory: DataDirectory;
  let database: ProxiedDatabase;
  let watch: WatchFile;
  let one: { readonly service: Service; readonly proxy: Proxy };
  let two: { readonly service: Service; readonly proxy: Proxy };
  let node: string;
  let id: string;
  beforeAll(async () => {
    directory = await dataDirectory();
    database = await ProxiedDatabase.create();
    watch = new WatchFile(directory.path);
    [one, two] = await Promise.all([start('one'), start('two')]);
  });
  afterAll(async () => {
    await directory.dispose();
    await database.dispose();
  });
  beforeEach(async () => {
    id = randomUUID();
    node = await watchedNode(two.service.http);
  });

  async function start(hostname: string) {
    const { proxy, env } = await database.way();
    const settings = { ...watch.env, ...env, FERRULE_HOSTNAME: hostname, FERRULE_LEASE: '60s' };
    return { service: await directory.start(settings), proxy };
  }

  const call = (http: HttpClient, method = 'watch_job', key = id): Promise<Answer> =>
    http.post(
      `/v1/nodes/${node}/vendor_passthru/${method}`,
      { id: key },
      { headers: { 'Idempotency-Key': key } },
    );
  const first = (method?: string, key?: string) => call(one.service.http, method, key);
  const repeat = (method?: string, key?: string) => call(two.service.http, method, key);

  async function jobs(): Promise<string[]> {
    const rows = await database.sql<{ id: string }>('select id from jobs where node_uuid = $1', [node]);
    return rows.map((row) => row.id);
  }

  /** The job was accepted and run once, and each further repeat gets it. */
  async function expectOne(job: string): Promise<void> {
    expect(await ended(two.service.http, job)).toMatchObject({ state: 'succeeded' });
    await unlocked(two.service.http, node);
    expect((await jobs()).map((each) => `/v1/jobs/${each}`)).toEqual([job]);
    expect(watch.begun().get(id)).toBe(1);
    const again = await repeat();
    expect(jobOf(again)).toBe(job);
    expect(again.headers[REPLAYED]).toBe('true');
  }

  it('get its job, if that is accepted late and before them', async () => {
    one.proxy.freezeNext(ACCEPT);
    expect((await first()).expect(500).fault.faultstring).toContain('outcome is unknown');
    one.proxy.thaw();
    await until(async () => (await jobs()).length === 1);
    const answer = await repeat();
    expect(answer.headers[REPLAYED]).toBe('true');
    await expectOne(jobOf(answer));
  });

  it('accept its job, which cannot be accepted late any more', async () => {
    one.proxy.freezeNext(ACCEPT);
    (await first()).expect(500);
    const answer = await repeat();
    expect(answer.headers[REPLAYED]).toBeUndefined();
    await until(() => watch.has('end', id));
    one.proxy.thaw();
    await expectOne(jobOf(answer));
  });

  it('get its job, if that is accepted late and while they are about to accept it', async () => {
    one.proxy.freezeNext(ACCEPT);
    (await first()).expect(500);
    two.proxy.freezeNext(ACCEPT);
    const repeated = repeat();
    await until(() => two.proxy.pending === 0);
    one.proxy.thaw();
    await until(async () => (await jobs()).length === 1);
    two.proxy.thaw();
    const answer = await repeated;
    expect(answer.headers[REPLAYED]).toBe('true');
    await expectOne(jobOf(answer));
  });

  it('get its job, if that is accepted late, after they were told that the node is locked', async () => {
    one.proxy.freezeNext(ACCEPT);
    (await first()).expect(500);
    const gate = watch.gate();
    const holder = two.service.http.post(`/v1/nodes/${node}/vendor_passthru/watch`, {
      id: `holder of ${id}`,
      gate: gate.path,
    });
    await until(() => watch.has('begin', `holder of ${id}`));
    (await repeat()).expect(409);
    gate.open();
    (await holder).expect(200);
    one.proxy.thaw();
    await until(async () => (await jobs()).length === 1);
    await expectOne(jobOf(await repeat()));
  });

  it('are made, if the first one did not learn that it had its key', async () => {
    const methods = ['watch', 'watch_job'];
    for (const method of methods) {
      one.proxy.loseNextAnswer(TAKE, 'by a cut');
      (await first(method, `${method}-${id}`)).expect(503);
      expect(one.proxy.pending).toBe(0);
    }
    // It finds such keys after ten seconds. One after the other, since both need the lock of the node.
    const sync = (await repeat('watch', `watch-${id}`)).expect(200);
    await unlocked(two.service.http, node);
    const accepted = await repeat('watch_job', `watch_job-${id}`);
    expect((await ended(two.service.http, jobOf(accepted))).state).toBe('succeeded');
    for (const answer of [sync, accepted]) expect(answer.headers[REPLAYED]).toBeUndefined();
    for (const method of methods) expect(watch.begun().get(`${method}-${id}`)).toBe(1);
  });
});
