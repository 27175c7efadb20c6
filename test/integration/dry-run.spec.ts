import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditView } from '../../src/audit/audit.view.js';
import { startApp, type TestApp } from '../support/app.js';
import { asCaller, testAuthenticator } from '../support/callers.js';
import { close, COUNTED, made } from '../support/counted-driver.js';
import { type Answer, type Ask } from '../support/http-client.js';
import { createNode } from '../support/passthru.js';
import { until } from '../support/until.js';

interface Verdict {
  readonly name: string;
  readonly ok: boolean | null;
  readonly message?: string;
  readonly details?: Record<string, unknown>;
}
interface Document {
  readonly would: number;
  readonly verdicts: readonly Verdict[];
}

const CHECKS = ['version', 'caller', 'policy', 'method', 'arguments', 'validate', 'lock'];
const TABLES = ['jobs', 'idempotency_keys', 'reservations', 'nodes'];

const POLICY = `
rules:
  - name: only-x
    decision: allow
    actions: baremetal:node:vendor_passthru
    personas: system_reader
    methods: count_beside
    arguments: { secret: { only: [x] } }
`;

describe('a dry run', () => {
  let folder: string;
  let app: TestApp;
  let node: string;
  let id: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferrule-dry-run-'));
    const policy = join(folder, 'policy.yaml');
    await writeFile(policy, POLICY);
    const env = { FERRULE_ENABLED_HARDWARE_TYPES: 'counted', FERRULE_POLICY: policy };
    app = await startApp(env, COUNTED, testAuthenticator);
  });
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    id = randomUUID();
    node = await createNode(app.http, { driver: 'counted', vendor_interface: 'counting' });
  });

  async function rows(): Promise<unknown> {
    const all = TABLES.map((table) =>
      app.database.query(
        { name: `all-${table}`, text: `select t::text as row from ${table} t order by 1` },
        [],
      ),
    );
    return Promise.all(all);
  }

  /** The answer of a dry run, which must change nothing. */
  async function dryRun(
    method: string,
    args: object = {},
    ask: Ask = {},
    verb = 'POST',
    more = '',
  ): Promise<Document> {
    const before = await rows();
    const path = `/v1/nodes/${node}/vendor_passthru/${method}?dry_run=true${more}`;
    const answer: Answer = await app.http.send(verb, path, { json: { id, ...args }, ...ask });
    expect(await rows()).toEqual(before);
    expect(made.get(id)).toBeUndefined();
    return answer.expect(200).json<Document>();
  }

  const oks = ({ verdicts }: Document) => Object.fromEntries(verdicts.map(({ name, ok }) => [name, ok]));
  const failed = ({ verdicts }: Document) => verdicts.filter(({ ok }) => ok === false);
  const all = (ok: boolean) => Object.fromEntries(CHECKS.map((name) => [name, ok]));

  it.each([
    ['count', 'POST', 200],
    ['count_in_job', 'POST', 202],
    ['count_beside', 'POST', 202],
    ['read', 'GET', 200],
  ])('of %s by %s has a good verdict for each check, and would be %i', async (method, verb, would) => {
    const document = await dryRun(method, {}, {}, verb);
    expect(document.would).toBe(would);
    expect(oks(document)).toEqual(all(true));
    expect(document.verdicts.map(({ name }) => name)).toEqual(CHECKS);
  });

  it('is of what the call would be answered', async () => {
    const cases = [
      { method: 'nonesuch', would: 400, name: 'method' },
      { method: 'count', args: { nonsense: 1 }, would: 400, name: 'arguments' },
      { method: 'count', args: { task: 1 }, would: 400, name: 'arguments' },
      { method: 'count', verb: 'DELETE', would: 400, name: 'method' },
    ];
    for (const { method, args = {}, verb = 'POST', would, name } of cases) {
      const document = await dryRun(method, args, {}, verb);
      const json = { id, ...args };
      const real = await app.http.send(verb, `/v1/nodes/${node}/vendor_passthru/${method}`, { json });
      expect(document.would).toBe(real.expect(would).status);
      expect(failed(document)).toMatchObject([{ name, message: real.fault.faultstring }]);
    }
  });

  it('finds a lock free whose holder has died', async () => {
    const text = `
      insert into reservations (node_id, token, fence, holder, purpose, since, conductor_id)
      select id, gen_random_uuid(), 1, 'dead', 'request:dead', now(), gen_random_uuid() from nodes where uuid = $1`;
    await app.database.query({ name: 'test-dead-holder', text }, [node]);
    expect((await dryRun('count')).would).toBe(200);
    (await app.http.post(`/v1/nodes/${node}/vendor_passthru/count`, { id: randomUUID() })).expect(200);
  });

  it('does not find a lock free for which others wait', async () => {
    const text = `
      insert into lock_waiters (node_id, token, conductor_id, until)
      select nodes.id, gen_random_uuid(), conductors.id, now() + interval '1 hour'
      from nodes, conductors where nodes.uuid = $1`;
    await app.database.query({ name: 'test-waiter', text }, [node]);
    const document = await dryRun('count');
    expect(document.would).toBe(409);
    expect(failed(document)).toMatchObject([
      {
        name: 'lock',
        message: `Node ${node} is not locked, but a call stands in line for its lock, please retry.`,
        details: { waiting: 1 },
      },
    ]);
    (await app.http.post(`/v1/nodes/${node}/vendor_passthru/count`, { id })).expect(409);
  });

  it('has the verdict of a policy that decides by the arguments, which is not known if these are invalid', async () => {
    const reader = asCaller({ name: 'reader', roles: ['reader'] });
    const verdict = ({ verdicts }: Document) => verdicts.find(({ name }) => name === 'policy');
    const allowed = await dryRun('count_beside', { secret: 'x' }, reader);
    expect(allowed.would).toBe(202);
    expect(verdict(allowed)).toMatchObject({ ok: true, details: { rule: 'only-x' } });
    const denied = await dryRun('count_beside', { secret: 'y' }, reader);
    expect(denied.would).toBe(403);
    expect(oks(denied)).toMatchObject({ policy: false, method: true, arguments: true, lock: null });
    const invalid = await dryRun('count_beside', { secret: 5 }, reader);
    expect(invalid.would).toBe(400);
    expect(oks(invalid)).toMatchObject({ policy: null, arguments: false, validate: null });
    expect(verdict(invalid)?.message).toContain('decides by the arguments');
    const path = `/v1/nodes/${node}/vendor_passthru/count_beside`;
    for (const [secret, status] of [
      ['y', 403],
      [5, 400],
    ] as const)
      (await app.http.post(path, { id, secret }, reader)).expect(status);
  });

  it('has the refusal of the driver', async () => {
    const document = await dryRun('count_checked', { secret: 'wrong' });
    const path = `/v1/nodes/${node}/vendor_passthru/count_checked`;
    const real = (await app.http.post(path, { id, secret: 'wrong' })).expect(400);
    expect(document.would).toBe(400);
    expect(failed(document)).toMatchObject([{ name: 'validate', message: real.fault.faultstring }]);
    expect(oks(document)).toMatchObject({ arguments: true, lock: true });
    expect((await dryRun('count_checked', { secret: 'right' })).would).toBe(200);
  });

  it.each([
    ['&wait=60', {}],
    ['', { headers: { Prefer: 'wait=60' } }],
  ])('does not wait for the lock, and says that the call would, with %j %j', async (more, ask) => {
    const holder = `holder of ${id}`;
    const open = close(holder);
    const running = app.http.post(`/v1/nodes/${node}/vendor_passthru/count`, { id: holder });
    await until(() => made.has(holder));
    const document = await dryRun('count', {}, ask, 'POST', more);
    expect(document.would).toBe(200);
    expect(oks(document)).toEqual({ ...all(true), lock: null });
    expect(document.verdicts.at(-1)).toMatchObject({
      message: expect.stringMatching(
        /is locked by host cond-a.*would wait for it in line, for at most 60 s\.$/,
      ) as string,
      details: { code: 'NodeLocked', holder: 'cond-a' },
    });
    expect((await dryRun('count', {}, {}, 'POST', '&wait=0')).would).toBe(409);
    open();
    (await running).expect(200);
    expect(oks(await dryRun('count', {}, ask, 'POST', more))).toEqual(all(true));
  });

  it('says who holds the lock', async () => {
    const open = close('holder');
    const running = app.http.post(`/v1/nodes/${node}/vendor_passthru/count`, { id: 'holder' });
    await until(() => made.has('holder'));
    for (const method of ['count', 'count_in_job']) {
      const document = await dryRun(method);
      expect(document.would).toBe(409);
      expect(failed(document)).toMatchObject([
        {
          name: 'lock',
          details: {
            code: 'NodeLocked',
            holder: 'cond-a',
            purpose: expect.stringMatching(/^request:/) as string,
          },
        },
      ]);
    }
    expect(oks(await dryRun('count_beside'))).toEqual(all(true));
    open();
    (await running).expect(200);
    expect((await dryRun('count')).would).toBe(200);
  });

  it('has the verdict of the policy for those who may not call, and is 404 for those who may not see', async () => {
    const reader = { name: 'reader', roles: ['reader'] };
    const document = await dryRun('count', {}, asCaller(reader));
    expect(document.would).toBe(403);
    expect(failed(document)).toMatchObject([
      {
        name: 'policy',
        details: { code: 'Forbidden', action: 'baremetal:node:vendor_passthru', rule: null },
      },
    ]);
    expect(oks(document)).toMatchObject({ method: null, arguments: null, validate: null, lock: null });
    const stranger = { name: 'stranger', projectId: 'team-c', roles: ['member'], hasSystemScope: false };
    const path = `/v1/nodes/${node}/vendor_passthru/count?dry_run=true`;
    (await app.http.post(path, { id }, asCaller(stranger))).expect(404);
  });

  it('has the statuses of problem documents for those who ask for them, and keeps no key', async () => {
    const headers = {
      Accept: 'application/problem+json',
      'Idempotency-Key': id,
      'Ferrule-Job-Id': randomUUID(),
    };
    const document = await dryRun('count_in_job', {}, { headers });
    expect(document.would).toBe(202);
    expect((await dryRun('count', { nonsense: 1 }, { headers: { Accept: headers.Accept } })).would).toBe(400);
  });

  it('of a driver has its verdicts, too', async () => {
    const path = '/v1/drivers/counted/vendor_passthru/count_alone?dry_run=true';
    const document = (await app.http.post(path, { id })).expect(200).json<Document>();
    expect(document.would).toBe(200);
    expect(oks(document)).toEqual(all(true));
    expect(made.has(id)).toBe(false);
  });

  it('is recorded as a call that was not run, and for those who may not call as a denial', async () => {
    await dryRun('count', { secret: 'hush' });
    await dryRun('count', {}, asCaller({ name: 'reader', roles: ['reader'] }));
    const find = async () =>
      (await app.http.get(`/v1/audit?node=${node}&method=count`)).json<{ audit: AuditView[] }>().audit;
    await until(async () => (await find()).length === 2);
    expect((await find()).map(({ event, not_run, status }) => [event, not_run, status])).toEqual(
      expect.arrayContaining([
        ['call', 'dry_run', 200],
        ['denied', 'dry_run', 200],
      ]) as unknown[],
    );
  });

  it('is not made by other words', async () => {
    const path = `/v1/nodes/${node}/vendor_passthru/count`;
    (await app.http.post(`${path}?dry_run=maybe`, { id })).expect(400);
    (await app.http.post(`${path}?dry_run=true&dry_run=true`, { id })).expect(400);
    expect(made.has(id)).toBe(false);
    (await app.http.post(`${path}?dry_run=false`, { id })).expect(200);
    expect(made.get(id)).toBe(1);
  });
});
