import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from '../support/app.js';
import {
  fleetCallEnded,
  type FleetDocument,
  fleetNodes,
  makeFleetCall,
  readFleetCall,
  touchedNodes,
} from '../support/fleet.js';
import { closeGate, forget, mostAtOnce, touched, TOUCHED } from '../support/fleet-driver.js';
import { scrape } from '../support/metrics.js';
import { type JobDocument } from '../support/passthru.js';
import { until } from '../support/until.js';

const ENV = { FERRULE_ENABLED_HARDWARE_TYPES: 'touched', FERRULE_LOCK_TRIES: '1' };

describe('fleet calls', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(ENV, TOUCHED);
  });
  afterAll(() => app.close());
  beforeEach(forget);

  const made = (body: object) => makeFleetCall(app.http, { method: 'touch', ...body });
  const ended = (path: string) => fleetCallEnded(app.http, path);
  const nodes = (count: number, members?: (index: number) => Record<string, unknown>) =>
    touchedNodes(app.http, count, members);
  const states = async (path: string) => (await fleetNodes(app.http, path)).map(({ state }) => state);
  const jobsOf = async (path: string) =>
    (await app.http.get(`/v1/jobs?fleet_call=${path.split('/').at(-1)}`))
      .expect(200)
      .json<{ jobs: (JobDocument & { fleet_call: string })[] }>().jobs;

  it('call the method on each node of a list once, a few at the same time', async () => {
    const uuids = await nodes(12);
    const answer = (
      await app.http.post('/v1/fleet_calls', { method: 'touch', nodes: uuids, parallelism: 4 })
    ).expect(202);
    const { id, counts, state } = answer.json<FleetDocument>();
    const path = `/v1/fleet_calls/${id}`;
    expect(answer.headers.location).toBe(`${app.http.base}${path}`);
    expect(['running', 'finished']).toContain(state);
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(12);
    expect(await ended(path)).toMatchObject({
      state: 'finished',
      reason: null,
      nodes: 12,
      counts: { succeeded: 12 },
      failures: [],
    });
    expect([...touched].sort()).toEqual([...uuids].sort());
    expect(mostAtOnce()).toBeLessThanOrEqual(4);
    const jobs = await jobsOf(path);
    expect(new Set(jobs.map(({ node }) => node))).toEqual(new Set(uuids));
    expect(new Set(jobs.map((job) => job.fleet_call))).toEqual(new Set([id]));
    const found = await fleetNodes(app.http, path);
    expect(found.map(({ node }) => node)).toEqual(uuids);
    expect(new Set(found.map(({ job }) => job))).toEqual(new Set(jobs.map((job) => job.id)));
  });

  it('find their nodes with the filters of the listing, in the order of their creation', async () => {
    const uuids = await nodes(3, () => ({ shard: 'west', resource_class: 'large' }));
    await nodes(1, () => ({ shard: 'west' }));
    const path = await made({ filter: { shard: ['west'], resource_class: 'large', maintenance: false } });
    expect(await ended(path)).toMatchObject({
      counts: { succeeded: 3 },
      filter: { shard: ['west'], resource_class: 'large', maintenance: false },
    });
    expect((await fleetNodes(app.http, path)).map(({ node }) => node)).toEqual(uuids);
  });

  it('go on with the rest only when the canary nodes have succeeded', async () => {
    const uuids = await nodes(6);
    const open = closeGate();
    const path = await made({ nodes: uuids, canary: 2 });
    await until(() => touched.length === 2);
    expect(await readFleetCall(app.http, path)).toMatchObject({ counts: { started: 2, waiting: 4 } });
    open();
    expect(await ended(path)).toMatchObject({ state: 'finished', counts: { succeeded: 6 } });
    expect(new Set(touched.slice(0, 2))).toEqual(new Set(uuids.slice(0, 2)));
  });

  it('stop when a canary node fails', async () => {
    const uuids = await nodes(5, (index) => ({ extra: { broken: index === 1 } }));
    const path = await made({ nodes: uuids, canary: 2, stop_after: null });
    const document = await ended(path);
    expect(document).toMatchObject({
      state: 'stopped',
      reason: '1 of 2 canary nodes did not succeed.',
      counts: { succeeded: 1, failed: 1, skipped: 3 },
    });
    expect(document.failures).toMatchObject([
      { node: uuids[1], state: 'failed', error: { code: 'Conflict', message: 'The node is broken.' } },
    ]);
    expect(touched).toHaveLength(2);
    expect(await states(path)).toEqual(['succeeded', 'failed', 'skipped', 'skipped', 'skipped']);
  });

  it.each([
    { stop_after: undefined, touches: 1, reason: '1 of 10 nodes did not succeed, and stop_after is 1.' },
    { stop_after: 3, touches: 3, reason: '3 of 10 nodes did not succeed, and stop_after is 3.' },
    { stop_after: '40%', touches: 4, reason: '4 of 10 nodes did not succeed, and stop_after is 40%.' },
  ])('stop after $stop_after', async ({ stop_after, touches, reason }) => {
    const uuids = await nodes(10, () => ({ extra: { broken: true } }));
    const document = await ended(await made({ nodes: uuids, parallelism: 1, stop_after }));
    expect(document).toMatchObject({
      state: 'stopped',
      reason,
      counts: { failed: touches, skipped: 10 - touches },
    });
    expect(touched).toEqual(uuids.slice(0, touches));
  });

  it('go through all nodes if nothing stops them', async () => {
    const uuids = await nodes(4, () => ({ extra: { broken: true } }));
    const document = await ended(await made({ nodes: uuids, stop_after: null }));
    expect(document).toMatchObject({ state: 'finished', counts: { failed: 4 } });
    expect(document.failures).toHaveLength(4);
  });

  it('pause, begin no job meanwhile, and go on', async () => {
    const uuids = await nodes(6);
    const open = closeGate();
    const path = await made({ nodes: uuids, parallelism: 2 });
    await until(() => touched.length === 2);
    (await app.http.put(`${path}/state`, { target: 'paused' })).expect(200);
    (await app.http.put(`${path}/state`, { target: 'paused' })).expect(200);
    open();
    await until(async () => (await readFleetCall(app.http, path)).counts['succeeded'] === 2);
    // The others are accepted by the same database, which has seen the pause.
    const job = (await app.http.post(`/v1/nodes/${uuids[5]}/vendor_passthru/touch`)).expect(202);
    await until(() => touched.length === 3);
    expect(job.status).toBe(202);
    expect(await readFleetCall(app.http, path)).toMatchObject({
      state: 'paused',
      counts: { succeeded: 2, waiting: 4 },
      ended_at: null,
    });
    (await app.http.put(`${path}/state`, { target: 'running' })).expect(200);
    expect(await ended(path)).toMatchObject({ state: 'finished', counts: { succeeded: 6 } });
    expect((await app.http.put(`${path}/state`, { target: 'paused' })).expect(409).fault.faultstring).toBe(
      `Fleet call ${path.split('/').at(-1)} is finished, so it cannot be paused.`,
    );
  });

  it('can be changed by many requests at once, without a conflict', async () => {
    const uuids = await nodes(3);
    closeGate();
    const path = await made({ nodes: uuids, parallelism: 1 });
    await until(() => touched.length === 1);
    const targets = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'paused' : 'running'));
    const moved = await Promise.all(targets.map((target) => app.http.put(`${path}/state`, { target })));
    expect(moved.map(({ status }) => status)).toEqual(targets.map(() => 200));
    const cancelled = await Promise.all(targets.map(() => app.http.delete(path)));
    expect(cancelled.filter(({ status }) => status !== 200 && status !== 202)).toEqual([]);
    expect(await ended(path)).toMatchObject({ state: 'cancelled' });
  });

  it('are cancelled with their jobs', async () => {
    const uuids = await nodes(6);
    closeGate();
    const path = await made({ nodes: uuids, parallelism: 2 });
    await until(() => touched.length === 2);
    const answer = (await app.http.delete(path)).expect(202);
    expect(['cancelling', 'cancelled']).toContain(answer.json<FleetDocument>().state);
    expect(await ended(path)).toMatchObject({ state: 'cancelled', counts: { cancelled: 2, skipped: 4 } });
    expect(await states(path)).toEqual([
      'cancelled',
      'cancelled',
      'skipped',
      'skipped',
      'skipped',
      'skipped',
    ]);
    expect(touched).toHaveLength(2);
    expect((await jobsOf(path)).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    (await app.http.delete(path)).expect(200);
    (await app.http.put(`${path}/state`, { target: 'running' })).expect(409);
  });

  it('wait for a node that others have locked, while the rest goes on', async () => {
    const uuids = await nodes(4);
    const open = closeGate();
    (await app.http.post(`/v1/nodes/${uuids[0]}/vendor_passthru/touch`)).expect(202);
    await until(() => touched.length === 1);
    const path = await made({ nodes: uuids, parallelism: 3 });
    await until(() => touched.length === 4);
    expect(new Set(touched.slice(1))).toEqual(new Set(uuids.slice(1)));
    open();
    expect(await ended(path)).toMatchObject({ state: 'finished', counts: { succeeded: 4 } });
    expect(touched.filter((uuid) => uuid === uuids[0])).toHaveLength(2);
  });

  it('give up on a locked node after lock_wait', async () => {
    const [locked = '', free = ''] = await nodes(2);
    const open = closeGate();
    (await app.http.post(`/v1/nodes/${locked}/vendor_passthru/touch`)).expect(202);
    await until(() => touched.length === 1);
    const path = await made({ nodes: [locked, free], lock_wait: 0, stop_after: null });
    await until(() => touched.length === 2);
    open();
    const document = await ended(path);
    expect(document).toMatchObject({ state: 'finished', counts: { succeeded: 1, refused: 1 } });
    expect(document.failures).toMatchObject([{ node: locked, job: null, error: { code: 'NodeLocked' } }]);
  });

  it('refuse the call of a node that was deleted meanwhile', async () => {
    const uuids = await nodes(3);
    const open = closeGate();
    const path = await made({ nodes: uuids, parallelism: 1, stop_after: 2 });
    await until(() => touched.length === 1);
    (await app.http.delete(`/v1/nodes/${uuids[1]}`)).expect(204);
    open();
    expect(await ended(path)).toMatchObject({
      state: 'finished',
      counts: { succeeded: 2, refused: 1 },
      failures: [{ node: uuids[1], job: null, error: { code: 'NodeNotFound' } }],
    });
  });

  it('are counted in the metrics, with the states of their nodes', async () => {
    const before = await scrape(app.http);
    const uuids = await nodes(3, (index) => ({ extra: { broken: index === 1 } }));
    const open = closeGate();
    const path = await made({ nodes: uuids, parallelism: 1 });
    await until(() => touched.length === 1);
    const meanwhile = await scrape(app.http);
    expect(meanwhile.get('ferrule_fleet_calls{state="running"}')).toBe(1);
    expect(meanwhile.get('ferrule_fleet_call_oldest_seconds')).toBeGreaterThan(0);
    open();
    expect(await ended(path)).toMatchObject({ state: 'stopped' });
    const after = await scrape(app.http);
    const growth = (sample: string) => (after.get(sample) ?? NaN) - (before.get(sample) ?? NaN);
    expect(growth('ferrule_fleet_calls_ended_total{state="stopped"}')).toBe(1);
    expect(
      ['succeeded', 'failed', 'skipped'].map((outcome) =>
        growth(`ferrule_fleet_call_nodes_total{outcome="${outcome}"}`),
      ),
    ).toEqual([1, 1, 1]);
    expect(after.get('ferrule_fleet_calls{state="running"}')).toBe(0);
    expect(after.get('ferrule_fleet_call_oldest_seconds')).toBe(0);
  });

  it('tell in a dry run what would become of them, and store nothing', async () => {
    const uuids = await nodes(3);
    const open = closeGate();
    (await app.http.post(`/v1/nodes/${uuids[2]}/vendor_passthru/touch`)).expect(202);
    await until(() => touched.length === 1);
    const before = (await app.http.get('/v1/fleet_calls')).json<{ fleet_calls: unknown[] }>();
    const answer = await app.http.post('/v1/fleet_calls?dry_run=true', { method: 'touch', nodes: uuids });
    expect(answer.expect(200).json()).toEqual({
      would: 202,
      nodes: 3,
      accepted: 3,
      refused: 0,
      locked: 1,
      refusals: [],
    });
    expect((await app.http.get('/v1/fleet_calls')).json()).toEqual(before);
    open();
  });

  it('have an id that the client may choose, once', async () => {
    const [node = ''] = await nodes(1);
    const id = randomUUID();
    const path = await made({ id, nodes: [node] });
    expect(path).toBe(`/v1/fleet_calls/${id}`);
    const again = await app.http.post('/v1/fleet_calls', { id, method: 'touch', nodes: [node] });
    expect(again.expect(409).fault.faultstring).toBe(
      `There is a fleet call ${id} already; please choose another id.`,
    );
    await ended(path);
    expect(touched).toEqual([node]);
  });

  it('have an ETag, and are listed in pages, newest first', async () => {
    const [node = ''] = await nodes(1);
    const paths = [await made({ nodes: [node] }), await made({ nodes: [node] })];
    for (const path of paths) await ended(path);
    const { etag } = (await app.http.get(paths[0] ?? '')).headers;
    const lie = { headers: { 'If-None-Match': etag, 'Ferrule-Link-Base': 'http://elsewhere.example' } };
    (await app.http.get(paths[0] ?? '', lie)).expect(304);
    const bookmark = (paths[0] ?? '').replace('/v1', '');
    expect((await app.http.get(bookmark)).expect(200).headers.etag).toBe(etag);
    (await app.http.get(paths[0] ?? '', { headers: { 'If-None-Match': etag } })).expect(304);
    const ids = paths.map((path) => path.split('/').at(-1));
    const page = (await app.http.get('/v1/fleet_calls?limit=1&state=finished'))
      .expect(200)
      .json<{ fleet_calls: FleetDocument[]; next: string }>();
    expect(page.fleet_calls.map(({ id }) => id)).toEqual([ids[1]]);
    const next = (await app.http.get(page.next.slice(app.http.base.length))).json<typeof page>();
    expect(next.fleet_calls.map(({ id }) => id)).toEqual([ids[0]]);
    const id = randomUUID();
    expect((await app.http.get(`/v1/fleet_calls/${id}`)).expect(404).fault.faultstring).toBe(
      `Fleet call ${id} could not be found.`,
    );
    (await app.http.get(`/v1/fleet_calls?marker=${id}`)).expect(404);
    const none = await app.http.get(`${paths[0]}/nodes?marker=${id}`);
    expect(none.expect(404).fault.faultstring).toBe(`Fleet call ${ids[0]} has no node ${id}.`);
  });

  it('are 404 with a hint if the id is missing in the path', async () => {
    const text = async (verb: string, path: string) =>
      (await app.http.send(verb, path, {})).fault.faultstring;
    expect(await text('GET', '/v1/fleet_calls//nodes')).toBe(
      "There is no fleet call 'nodes': an id is a UUID.",
    );
    const hint = /The path ends with '\/': is an id missing\?$/;
    expect(await text('DELETE', '/v1/fleet_calls/')).toMatch(hint);
    expect(await text('GET', '/v1/fleet_calls/?wait=1')).toMatch(hint);
    expect(await text('GET', '/v1/jobs/?wait=1')).toMatch(hint);
    expect(await text('GET', '/v1/jobs?wait=1')).not.toMatch(hint);
  });

  describe('refuse', () => {
    let node: string;
    let other: string;
    const named = 'fleet-named';
    beforeAll(async () => {
      [node = ''] = await nodes(1);
      [other = ''] = await nodes(1, () => ({ vendor_interface: 'other' }));
      await nodes(1, () => ({ vendor_interface: 'other', name: named }));
    });

    it.each<[string, (here: { node: string; other: string; named: string }) => unknown, RegExp]>([
      ['no object', () => [], /^A fleet call is a JSON object\.$/],
      ['no method', ({ node }) => ({ nodes: [node] }), /^Invalid method: it must be the name of a method\.$/],
      ['neither nodes nor a filter', () => ({ method: 'touch' }), /has either nodes.*or filter/],
      ['both', ({ node }) => ({ method: 'touch', nodes: [node], filter: {} }), /has either nodes.*or filter/],
      ['an empty list', () => ({ method: 'touch', nodes: [] }), /^Invalid nodes: it names no node\.$/],
      [
        'an unknown node',
        ({ node }) => ({ method: 'touch', nodes: [node, 'nonesuch'] }),
        /^Invalid nodes: 1 node could not be found: nonesuch\.$/,
      ],
      [
        'a node twice',
        ({ node }) => ({ method: 'touch', nodes: [node, node] }),
        /^Invalid nodes: named more than once: /,
      ],
      ['an unknown filter', () => ({ method: 'touch', filter: { colour: 'red' } }), /colour/],
      [
        'a wrong value of a filter',
        () => ({ method: 'touch', filter: { maintenance: 'perhaps' } }),
        /^Invalid maintenance: 'perhaps' is not a boolean/,
      ],
      [
        'a filter of objects',
        () => ({ method: 'touch', filter: { driver: {} } }),
        /^Invalid filter\.driver: it must be a text, a number or a boolean/,
      ],
      [
        'a filter that finds nothing',
        () => ({ method: 'touch', filter: { resource_class: 'none' } }),
        /^The filter finds no node/,
      ],
      [
        'no parallelism',
        ({ node }) => ({ method: 'touch', nodes: [node], parallelism: 0 }),
        /^Invalid parallelism: it must be a whole number from 1 to 1000\.$/,
      ],
      [
        'more percent than there are',
        ({ node }) => ({ method: 'touch', nodes: [node], stop_after: '101%' }),
        /^Invalid stop_after: it must be a number of failed nodes/,
      ],
      [
        'a stop before the first',
        ({ node }) => ({ method: 'touch', nodes: [node], stop_after: 0 }),
        /^Invalid stop_after: it must be a number of failed nodes/,
      ],
      [
        'more canaries than nodes',
        ({ node }) => ({ method: 'touch', nodes: [node], canary: 2 }),
        /^Invalid canary: 2 of 1 node; it must be at most 1\.$/,
      ],
      [
        'an id that is none',
        ({ node }) => ({ id: 'x', method: 'touch', nodes: [node] }),
        /^Invalid id: it must be a UUID\.$/,
      ],
      [
        'a member that is none',
        ({ node }) => ({ method: 'touch', nodes: [node], paralellism: 1 }),
        /^Unexpected members: paralellism; expected some of id, method, .*parallelism/,
      ],
      [
        'a method that one of the nodes does not have',
        ({ node, other }) => ({ method: 'touch', nodes: [node, other] }),
        /touch.* This is true for 1 node, for example [0-9a-f-]{36}\.$/,
      ],
      [
        'a method that a node with a name does not have',
        ({ node, named }) => ({ method: 'touch', nodes: [node, named] }),
        /This is true for 1 node, for example fleet-named \([0-9a-f-]{36}\)\.$/,
      ],
      [
        'more nodes than one fleet call has',
        ({ node }) => ({ method: 'touch', nodes: Array.from({ length: 50_001 }, () => node.slice(0, 8)) }),
        /^Invalid nodes: it names more than 50000 nodes, the most of one fleet call\.$/,
      ],
      [
        'a verb that the method does not take',
        ({ other }) => ({ method: 'other', nodes: [other] }),
        /does not support HTTP POST; it supports PUT\. This is true for 1 node/,
      ],
      [
        'a synchronous method',
        ({ node }) => ({ method: 'touch_now', nodes: [node] }),
        /^The method touch_now of touched is synchronous; a fleet call needs one that runs as a job\./,
      ],
      [
        'a wrong argument',
        ({ node }) => ({ method: 'touch', nodes: [node], args: { level: 10 } }),
        /level.* This is true for 1 node/,
      ],
    ])('%s', async (_what, body, message) => {
      const answer = await app.http.post('/v1/fleet_calls', body({ node, other, named }));
      expect(answer.expect(400).fault.faultstring).toMatch(message);
      expect(touched).toEqual([]);
    });
  });
});
