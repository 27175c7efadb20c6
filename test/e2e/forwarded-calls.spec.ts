import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../../src/auth/files/callers-file.js';
import { baremetalWith } from '../support/baremetal.js';
import { ferrule } from '../support/ferrule.js';
import { fleetCallEnded } from '../support/fleet.js';
import { type HttpClient } from '../support/http-client.js';
import { call, createNode, ended, jobOf } from '../support/passthru.js';
import { describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';

/** An API process without drivers, a conductor of no group with one driver, and one of a group with another. */
describe('calls of drivers that another process has', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-forwarded-'));
  const watched = new WatchFile(folder);
  const callers = join(folder, 'callers.yaml');
  const entry = (name: string, role: string) =>
    `{name: ${name}, token: 'sha256:${digestOf(`${name}-token`)}', roles: [${role}], system: true}`;
  writeFileSync(callers, `callers: [${entry('admin', 'admin')}, ${entry('reader', 'reader')}]`);

  const settings = { FERRULE_AUTH: 'token', FERRULE_CALLERS: callers, FERRULE_LEASE: '8' };
  let directory: DataDirectory;
  let site: Service;
  let api: HttpClient;
  let conductor: HttpClient;
  let atSite: HttpClient;
  const nodes = { fake: '', watched: '' };

  const startSite = async (hostname: string): Promise<Service> => {
    const env = { ...watched.env, ...settings, FERRULE_ROLE: 'conductor', FERRULE_CONDUCTOR_GROUP: 'site-b' };
    site = await directory.start({ ...env, FERRULE_HOSTNAME: hostname });
    atSite = site.http.with({ 'x-auth-token': 'admin-token' });
    return site;
  };
  const lists = (driver: string) => async () => (await api.get(`/v1/drivers/${driver}`)).status === 200;

  beforeAll(async () => {
    directory = await dataDirectory();
    const first = await directory.start({
      ...settings,
      FERRULE_ROLE: 'api',
      FERRULE_HOSTNAME: 'api',
      FERRULE_ENABLED_HARDWARE_TYPES: '',
    });
    const [second] = await Promise.all([
      directory.start({
        ...settings,
        FERRULE_HOSTNAME: 'cond-a',
        FERRULE_DEFAULT_VENDOR_INTERFACE: 'fake-options',
      }),
      startSite('cond-b'),
    ]);
    api = first.http.with({ 'x-auth-token': 'admin-token' });
    conductor = second.http.with({ 'x-auth-token': 'admin-token' });
    await until(lists('fake-hardware'));
    await until(lists('watched-hardware'));
    nodes.fake = await createNode(api);
    nodes.watched = await nodeAtSite(api);
  });
  afterAll(async () => {
    await directory.dispose();
    rmSync(folder, { recursive: true });
  });

  const onNode = (rest: string) => `/v1/nodes/${nodes.fake}/${rest}`;
  const onDriver = (rest: string) => `/v1/drivers/fake-hardware/vendor_passthru/${rest}`;

  it.each([
    ['GET', 'nodes/NODE/vendor_passthru/echo?a=1&b=x%20y', { c: [1, 'ž'] }],
    ['DELETE', 'nodes/NODE/vendor_passthru?method=echo', { password: 's3cr3t' }],
    ['PATCH', 'nodes/NODE/vendor_passthru/echo', { a: { b: null } }],
    ['GET', 'nodes/NODE/vendor_passthru/log?lines=2000', undefined],
    ['POST', 'nodes/NODE/vendor_passthru/work', { milliseconds: 1 }],
    ['PUT', 'nodes/NODE/vendor_passthru/note', { key: 'k', value: 1 }],
    ['GET', 'nodes/NODE/vendor_passthru/methods?detail=true', undefined],
    ['GET', 'nodes/NODE/validate', undefined],
    ['POST', 'nodes/NODE/vendor_passthru/work?dry_run=true', {}],
    ['POST', 'nodes/NODE/vendor_passthru/work', { milliseconds: -1 }],
    ['POST', 'nodes/NODE/vendor_passthru/nosuch', {}],
    ['PUT', 'nodes/NODE/vendor_passthru/log', {}],
    ['POST', 'nodes/NODE/vendor_passthru/fail_sync', { kind: 'conflict', message: 'ž' }],
    ['GET', 'drivers/fake-hardware/vendor_passthru/methods', undefined],
    ['GET', 'drivers/fake-hardware/vendor_passthru/driver_info', undefined],
    ['GET', 'drivers/fake-hardware/vendor_passthru/nosuch', undefined],
  ])('%s %s is answered as the conductor answers it', async (verb, template, json) => {
    const path = `/v1/${template.replace('NODE', nodes.fake)}`;
    const [here, there] = await Promise.all([api, conductor].map((http) => http.send(verb, path, { json })));
    const comparable = ({ fence: _, ...rest }: Record<string, unknown>) => rest;
    if (path.endsWith('/work') && here?.status === 200)
      expect(comparable(here.json())).toEqual(comparable(there?.json() ?? {}));
    else expect(here?.text).toBe(there?.text);
    expect(here?.status).toBe(there?.status);
    const own = new Set(['date', 'x-openstack-request-id', 'openstack-request-id', 'content-length']);
    const headers = (all = {}) => Object.entries(all).filter(([name]) => !own.has(name));
    expect(Object.fromEntries(headers(here?.headers))).toEqual(Object.fromEntries(headers(there?.headers)));
  });

  it('are accepted as jobs, whose links lead to the process that was asked', async () => {
    for (const path of [onNode('vendor_passthru/report_progress'), onDriver('driver_sleep')]) {
      const accepted = (await api.post(path, { ...(path.includes('sleep') ? { seconds: 0 } : {}) })).expect(
        202,
      );
      expect(accepted.headers.location).toMatch(new RegExp(`^${api.base}/v1/jobs/`));
      expect(await ended(api, jobOf(accepted))).toMatchObject({ state: 'succeeded', conductor: 'cond-a' });
    }
    const job = jobOf(await call(api, nodes.watched, 'watch_job', { id: 'job' }));
    expect(await ended(api, job)).toMatchObject({ state: 'succeeded', conductor: 'cond-b' });
    expect(watched.has('end', 'job')).toBe(true);
  });

  it('are made for fleet calls by a conductor that can make them', async () => {
    const asked = { method: 'watch_job', nodes: [nodes.watched], args: { id: 'fleet' } };
    const dry = (await api.post('/v1/fleet_calls?dry_run=true', asked)).expect(200);
    expect(dry.json()).toMatchObject({ accepted: 1, refused: 0 });
    const accepted = (await api.post('/v1/fleet_calls', asked)).expect(202);
    const { location = '' } = accepted.headers;
    expect(location).toContain(`${api.base}/v1/fleet_calls/`);
    const { links } = accepted.json<{ links: readonly { href: string }[] }>();
    expect(links[0]?.href).toBe(location);
    const read = (await api.get(new URL(location).pathname)).json<{ links: unknown }>();
    expect(links).toEqual(read.links);
    const { counts } = await fleetCallEnded(api, new URL(location).pathname);
    expect(counts).toEqual({ succeeded: 1 });
    expect(watched.begun().get('fleet')).toBe(1);
  });

  it('keep their key, and their errors as problem documents with details', async () => {
    const gate = watched.gate();
    const key = { headers: { 'idempotency-key': 'k1' } };
    const running = api.post(
      `/v1/nodes/${nodes.watched}/vendor_passthru/watch`,
      { id: 'first', gate: gate.path },
      key,
    );
    await until(() => watched.has('begin', 'first'));
    const problem = { headers: { accept: 'application/problem+json' } };
    const busy = await api.post(`/v1/nodes/${nodes.watched}/vendor_passthru/watch`, { id: 'no' }, problem);
    expect(busy.expect(409).json()).toMatchObject({ code: 'NodeLocked', holder: 'cond-b', caller: 'admin' });
    gate.open();
    const answer = (await running).expect(200);
    const path = `/v1/nodes/${nodes.watched}/vendor_passthru/watch`;
    const repeat = await api.post(path, { id: 'first', gate: gate.path }, key);
    expect(repeat.expect(200).text).toBe(answer.text);
    expect(repeat.headers['idempotency-replayed']).toBe('true');
    expect(watched.begun().get('first')).toBe(1);
  });

  it('are for the callers that may make them, by the policy of the conductor', async () => {
    const wrong = await api.get(onNode('vendor_passthru/echo'), { headers: { 'x-auth-token': 'wrong' } });
    wrong.expect(401);
    const reader = { headers: { 'x-auth-token': 'reader-token' } };
    (await api.get(onNode('vendor_passthru/echo'), reader)).expect(403);
    (await api.get(onNode('vendor_passthru/methods'), reader)).expect(403);
  });

  it('end when their client leaves, if they only read', async () => {
    const leaving = new AbortController();
    const path = `/v1/nodes/${nodes.watched}/vendor_passthru/peek`;
    const json = { id: 'peek', milliseconds: 60_000 };
    const asked = api.post(path, json, { signal: leaving.signal });
    await until(() => watched.has('begin', 'peek'));
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await until(() => watched.has('abort', 'peek'));
  });

  it('leave the line for a lock when their client leaves', async () => {
    const gate = watched.gate();
    const holder = call(api, nodes.watched, 'watch', { id: 'holder', gate: gate.path });
    await until(() => watched.has('begin', 'holder'));
    const inLine = async (): Promise<number | undefined> => {
      const answer = (await api.get(`/v1/locks?node=${nodes.watched}`)).expect(200);
      return answer.json<{ locks: { waiting: number }[] }>().locks[0]?.waiting;
    };
    const leaving = new AbortController();
    const path = `/v1/nodes/${nodes.watched}/vendor_passthru/watch?wait=60`;
    const asked = api.post(path, { id: 'left' }, { signal: leaving.signal });
    await until(async () => (await inLine()) === 1);
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await until(async () => (await inLine()) === 0);
    gate.open();
    (await holder).expect(200);
    expect(watched.begun().has('left')).toBe(false);
  });

  it('are forwarded also if the client says that another process has done so', async () => {
    const headers = { 'ferrule-forwarded': 'other' };
    (await api.get(onNode('vendor_passthru/echo'), { headers })).expect(200);
  });

  describeWithProgram('baremetal')('by baremetal', () => {
    const { prints, shows } = baremetalWith(() => ({
      OS_AUTH_TYPE: 'admin_token',
      OS_TOKEN: 'admin-token',
      OS_ENDPOINT: api.base,
    }));

    it('are made, listed and validated', async () => {
      expect(await prints('node', 'passthru', 'call', nodes.fake, 'echo', '--arg', 'a=1')).toContain('a');
      await prints('node', 'passthru', 'call', nodes.fake, 'sleep', '--arg', 'seconds=0');
      await prints('driver', 'passthru', 'call', 'fake-hardware', 'driver_sleep', '--arg', 'seconds=0');
      const listed = await shows<Record<string, unknown>[]>('node', 'passthru', 'list', nodes.watched);
      expect(listed.map(({ Name }) => Name)).toContain('watch_job');
      expect(await prints('node', 'validate', nodes.fake)).toContain('management');
    });
  });

  describe('when the process that forwards them stops', () => {
    const forwarding = (timeout: string): Promise<Service> =>
      directory.start({
        ...settings,
        FERRULE_ROLE: 'api',
        FERRULE_HOSTNAME: 'stopping',
        FERRULE_ENABLED_HARDWARE_TYPES: '',
        FERRULE_SHUTDOWN_TIMEOUT: timeout,
      });

    it('they are answered before it ends', async () => {
      const gate = watched.gate();
      const service = await forwarding('60');
      const http = service.http.with({ 'x-auth-token': 'admin-token' });
      const running = call(http, nodes.watched, 'watch', { id: 'answered', gate: gate.path });
      await until(() => watched.has('begin', 'answered'));
      const stopping = service.stop();
      await until(() => service.log.includes('for 1 forwarded call'));
      gate.open();
      (await running).expect(200);
      expect(await stopping).toBe(0);
    });

    it('they are 504 when its time is over', async () => {
      const gate = watched.gate();
      const service = await forwarding('5');
      const http = service.http.with({ 'x-auth-token': 'admin-token' });
      const running = call(http, nodes.watched, 'watch', { id: 'too long', gate: gate.path });
      await until(() => watched.has('begin', 'too long'));
      const stopping = service.stop();
      expect((await running).expect(504).fault.faultstring).toMatch(/cond-b.*has not answered.*not known/);
      expect(await stopping).toBe(0);
      gate.open();
      await until(() => watched.has('end', 'too long'));
    });
  });

  describe('when their conductor', () => {
    const make = (id: string, args: object = {}) => call(api, nodes.watched, 'watch', { id, ...args });

    it('stops: they are answered before it ends, and are 503 until another one is there', async () => {
      const gate = watched.gate();
      const running = make('finished', { gate: gate.path });
      await until(() => watched.has('begin', 'finished'));
      const stopping = site.stop();
      await until(async () => (await make('refused')).status === 503);
      expect((await call(api, nodes.watched, 'watch_job')).expect(503).fault.faultstring).toMatch(/retry/);
      gate.open();
      (await running).expect(200);
      expect(await stopping).toBe(0);
      for (const path of ['vendor_passthru/methods', 'validate'])
        (await api.get(`/v1/nodes/${nodes.watched}/${path}`)).expect(503);
      await startSite('cond-c');
      await until(async () => (await make('later')).status === 200);
    });

    it('stops after it had none for a while: they are made or 503, but never lost', async () => {
      const begun = performance.now();
      await until(async () => {
        (await api.get(onNode('vendor_passthru/echo'))).expect(200);
        return performance.now() - begun > 2_000;
      });
      let isOver = false;
      const stopping = site.stop().finally(() => (isOver = true));
      const statuses: number[] = [];
      while (!isOver) statuses.push((await make(`after a while ${statuses.length}`)).status);
      expect(await stopping).toBe(0);
      expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
      expect(statuses).toContain(503);
      await startSite('cond-e');
      await until(async () => (await make('after another while')).status === 200);
    });

    it('is killed: they are 502 and not repeated, and then go to another one; `ferrule call` asks what became of its call', async () => {
      const running = make('lost', { milliseconds: 60_000 });
      const args = [
        'call',
        await nodeAtSite(api),
        'watch',
        '--arg',
        'id=told',
        '--arg',
        'milliseconds=60000',
      ];
      const command = ferrule(args, { FERRULE_URL: api.base, FERRULE_TOKEN: 'admin-token' });
      await until(() => watched.has('begin', 'lost') && watched.has('begin', 'told'));
      const old = site;
      await startSite('cond-d');
      old.kill('SIGKILL');
      expect((await running).expect(502).fault.faultstring).toMatch(/is not known/);
      watched.killed(old.pid);
      const other = await nodeAtSite(api);
      await until(async () => (await call(api, other, 'watch', { id: 'other' })).status === 200);
      expect(watched.begun().get('lost')).toBe(1);
      const told = await command;
      expect(told).toMatchObject({ code: 5, stdout: '' });
      expect(told.stderr).toMatch(
        /502: .*conductor \S+, which got the call.*\nThe call is repeated with its key; it is made once\.\n.*500: The outcome of the call with/,
      );
      expect(watched.begun().get('told')).toBe(1);
    });

    it('is frozen: they are 504 when its lease has ended', async () => {
      const other = await nodeAtSite(api);
      const running = call(api, other, 'peek', { id: 'frozen', milliseconds: 60_000 });
      await until(() => watched.has('begin', 'frozen'));
      site.kill('SIGSTOP');
      try {
        expect((await running).expect(504).fault.faultstring).toMatch(/cond-d.*has not answered/);
        (await call(api, other, 'peek')).expect(503);
      } finally {
        site.kill('SIGCONT');
      }
      await until(async () => (await call(api, other, 'peek')).status === 200);
      expect((await call(atSite, other, 'look')).status).toBe(200);
    });
  });
});

const nodeAtSite = (http: HttpClient): Promise<string> =>
  createNode(http, { driver: 'watched-hardware', vendor_interface: 'watch', conductor_group: 'site-b' });
