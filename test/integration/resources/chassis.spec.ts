import { randomUUID } from 'node:crypto';
import { type AuditView } from '../../../src/audit/audit.view.js';
import { startApp, type TestApp } from '../../support/app.js';
import { until } from '../../support/until.js';
import { type Body, createNode, showNode } from '../nodes/requests.js';

const SECRET = 'planted-hunter2';
const add = (path: string, value: unknown) => ({ op: 'add', path, value });

describe('chassis', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const create = async (body: Body = {}): Promise<Body> =>
    (await app.http.post('/v1/chassis', body)).expect(201).json<Body>();
  const pathOf = ({ uuid }: Body) => `/v1/chassis/${String(uuid)}`;
  const show = async (chassis: Body, search = '') =>
    (await app.http.get(`${pathOf(chassis)}${search}`)).expect(200).json<Body>();
  const uuidsIn = (body: Record<string, Body[]>, collection: string) =>
    (body[collection] ?? []).map(({ uuid }) => uuid);

  it('are created, shown, changed and deleted', async () => {
    const uuid = randomUUID();
    const answer = await app.http.post('/v1/chassis', { uuid, description: 'rack 7', extra: { b: 1, a: 2 } });
    const { base } = app.http;
    const links = [
      { href: `${base}/v1/chassis/${uuid}`, rel: 'self' },
      { href: `${base}/chassis/${uuid}`, rel: 'bookmark' },
    ];
    const created = answer.expect(201).json<Body>();
    expect(answer.headers.location).toBe(`${base}/v1/chassis/${uuid}`);
    expect(created).toEqual({
      uuid,
      description: 'rack 7',
      extra: { b: 1, a: 2 },
      created_at: expect.stringMatching(/\+00:00$/) as unknown,
      updated_at: null,
      links,
      nodes: links.map(({ href, rel }) => ({ href: `${href}/nodes`, rel })),
    });
    expect(JSON.stringify(created['extra'])).toBe('{"b":1,"a":2}');
    expect(await show(created)).toEqual(created);
    expect((await app.http.get(`/chassis/${uuid}`)).expect(200).json()).toEqual(created);
    const patch = [add('/description', 'rack 8'), add('/extra/c', [1]), { op: 'remove', path: '/extra/a' }];
    const patched = (await app.http.patch(pathOf(created), patch)).expect(200).json<Body>();
    expect(patched).toMatchObject({ description: 'rack 8', extra: { b: 1, c: [1] } });
    expect(patched['updated_at']).not.toBeNull();
    expect(await show(created)).toEqual(patched);
    expect((await app.http.patch(pathOf(created), patch.slice(0, 1))).expect(200).json()).toEqual(patched);
    (await app.http.delete(pathOf(created))).expect(204);
    (await app.http.get(pathOf(created))).expect(404);
    (await app.http.delete(pathOf(created))).expect(404);
    (await app.http.patch(pathOf(created), [])).expect(404);
  });

  it('are shown in parts', async () => {
    const chassis = await create({ description: 'part' });
    const { links } = chassis;
    expect(await show(chassis, '?fields=description')).toEqual({ description: 'part', links });
    for (const search of ['fields=nosuch', 'fields=nodes', 'detail=true']) {
      (await app.http.get(`${pathOf(chassis)}?${search}`)).expect(400);
    }
    (await app.http.get(`${pathOf(chassis)}?fields=uuid`, { version: 7 })).expect(406);
  });

  it('are listed in pages, by any field that can be sorted', async () => {
    const made: Body[] = [];
    for (const description of ['page c', 'page a', null]) made.push(await create({ description }));
    const [c, a, none] = made.map(({ uuid }) => uuid);
    const list = async (search: string) =>
      (await app.http.get(`/v1/chassis${search}`)).expect(200).json<Record<string, Body[]>>();
    const all = uuidsIn(await list(''), 'chassis');
    expect(all.slice(-3)).toEqual([c, a, none]);
    const [summary] = (await list('?sort_dir=desc&limit=1'))['chassis'] ?? [];
    expect(summary).toEqual({ uuid: none, description: null, links: made[2]?.['links'] });
    const sorted: unknown[] = [];
    for (let next = '?sort_key=description&limit=1&fields=uuid'; next !== '';) {
      const page = await list(next);
      sorted.push(...uuidsIn(page, 'chassis'));
      const link: unknown = page['next'];
      next = typeof link === 'string' ? new URL(link).search : '';
    }
    expect(sorted.toSorted()).toEqual(all.toSorted());
    expect(sorted.filter((uuid) => [c, a].includes(uuid))).toEqual([a, c]);
    const detailed = (await app.http.get('/v1/chassis/detail?limit=1&sort_dir=desc')).expect(200);
    expect(detailed.json<Record<string, unknown>>()['chassis']).toEqual([made[2]]);
    expect(detailed.json<{ next: string }>().next).toContain('/v1/chassis/detail?');
  });

  it.each([
    ['sort_key=extra', 400],
    ['sort_key=nosuch', 400],
    ['sort_dir=up', 400],
    ['limit=0', 400],
    ['marker=nope', 400],
    [`marker=${randomUUID()}`, 404],
    ['nosuch=1', 400],
    ['detail=true&fields=uuid', 400],
  ])('are not listed by %s', async (search, status) => {
    (await app.http.get(`/v1/chassis?${search}`)).expect(status);
  });

  it('know the versions of what is asked for', async () => {
    (await app.http.get('/v1/chassis?fields=uuid', { version: 7 })).expect(406);
    (await app.http.get('/v1/chassis?detail=true', { version: 42 })).expect(400);
    (await app.http.get('/v1/chassis', { version: 1 })).expect(200);
  });

  it('refuse what they are not', async () => {
    const { uuid } = await create();
    const [path, none] = [`/v1/chassis/${String(uuid)}`, `/v1/chassis/${randomUUID()}`];
    for (const body of [[], 'x', { nosuch: 1 }, { created_at: null }, { extra: [] }, { uuid: 'nope' }]) {
      (await app.http.post('/v1/chassis', body)).expect(400);
    }
    (await app.http.post('/v1/chassis', { description: 'x'.repeat(256) })).expect(400);
    (await app.http.post('/v1/chassis?a=1', {})).expect(400);
    const twice = await app.http.post('/v1/chassis', { uuid });
    expect(twice.expect(409).fault.faultstring).toContain(String(uuid));
    for (const patch of [{}, [add('/uuid', randomUUID())], [add('/nodes', [])], [add('/extra', 1)]]) {
      (await app.http.patch(path, patch)).expect(400);
    }
    (await app.http.patch(path, [{ op: 'remove', path: '/extra/none' }])).expect(400);
    (await app.http.patch(none, [add('/description', 'x')])).expect(404);
    for (const verb of ['GET', 'PATCH', 'DELETE']) {
      (await app.http.send(verb, '/v1/chassis/nope', { json: [] })).expect(400);
    }
    for (const verb of ['PATCH', 'DELETE']) (await app.http.send(verb, '/v1/chassis')).expect(400);
    (await app.http.put(path, {})).expect(405);
    expect(await show({ uuid })).toMatchObject({ description: null, extra: {}, updated_at: null });
  });

  it('lose no change that is made at the same time as others', async () => {
    const chassis = await create();
    const keys = ['a', 'b', 'c', 'd'];
    const answers = await Promise.all(
      keys.map((key) => app.http.patch(pathOf(chassis), [add(`/extra/${key}`, 1)])),
    );
    for (const answer of answers) answer.expect(200);
    expect((await show(chassis))['extra']).toEqual(Object.fromEntries(keys.map((key) => [key, 1])));
  });

  describe('with nodes', () => {
    it('list them, and can not be deleted', async () => {
      const chassis = await create();
      const { uuid } = await createNode(app, { chassis_uuid: chassis['uuid'] });
      const other = await createNode(app);
      expect((await showNode(app, uuid))['chassis_uuid']).toBe(chassis['uuid']);
      const move = [add('/chassis_uuid', chassis['uuid'])];
      (await app.http.patch(`/v1/nodes/${String(other['uuid'])}`, move)).expect(200);
      const both = [uuid, other['uuid']];
      for (const path of [
        `/v1/nodes?chassis_uuid=${String(chassis['uuid'])}`,
        `${pathOf(chassis)}/nodes`,
        `${pathOf(chassis)}/nodes/detail`,
      ]) {
        const found = (await app.http.get(path)).expect(200).json<Record<string, Body[]>>();
        expect(uuidsIn(found, 'nodes')).toEqual(both);
      }
      const page = (await app.http.get(`${pathOf(chassis)}/nodes?limit=1&fields=uuid`)).expect(200);
      const { next } = page.json<{ next: string }>();
      expect(next).toContain(`${pathOf(chassis)}/nodes?`);
      const rest = (await app.http.get(next.slice(app.http.base.length))).expect(200);
      expect(uuidsIn(rest.json(), 'nodes')).toEqual([other['uuid']]);
      const refused = await app.http.delete(pathOf(chassis));
      expect(refused.expect(400).fault.faultstring).toMatch(/has nodes/);
      const remove = [{ op: 'remove', path: '/chassis_uuid' }];
      (await app.http.patch(`/v1/nodes/${String(uuid)}`, remove, { version: 24 })).expect(406);
      for (const node of both) (await app.http.patch(`/v1/nodes/${String(node)}`, remove)).expect(200);
      expect((await showNode(app, uuid))['chassis_uuid']).toBeNull();
      (await app.http.delete(pathOf(chassis))).expect(204);
      (await app.http.get(`${pathOf(chassis)}/nodes`)).expect(404);
    });

    it('must exist', async () => {
      const { uuid } = await createNode(app);
      const none = randomUUID();
      const create = await app.http.post('/v1/nodes', { driver: 'fake-hardware', chassis_uuid: none });
      expect(create.expect(400).fault.faultstring).toContain(none);
      const patch = await app.http.patch(`/v1/nodes/${String(uuid)}`, [add('/chassis_uuid', none)]);
      expect(patch.expect(400).fault.faultstring).toContain(none);
      expect(await showNode(app, uuid)).toMatchObject({ chassis_uuid: null, reservation: null });
    });
  });

  it('have records in the audit, without secrets', async () => {
    const chassis = await create({ extra: { pin: SECRET } });
    (await app.http.patch(pathOf(chassis), [add('/extra/password', SECRET)])).expect(200);
    (await app.http.delete(pathOf(chassis))).expect(204);
    const records = async (): Promise<AuditView[]> => {
      const { audit } = (await app.http.get('/v1/audit')).json<{ audit: AuditView[] }>();
      return audit.filter(({ resource }) => resource === `chassis/${String(chassis['uuid'])}`).reverse();
    };
    await until(async () => (await records()).length === 6);
    const words = (await records()).map(({ event, action, status }) => [event, action, status]);
    // Outcomes are recorded in the background.
    expect(words.toSorted()).toEqual(
      [
        ['create', 201],
        ['update', 200],
        ['delete', 204],
      ]
        .flatMap(([verb, status]) => [
          ['begin', `baremetal:chassis:${verb}`, undefined],
          ['end', `baremetal:chassis:${verb}`, status],
        ])
        .toSorted(),
    );
    expect(JSON.stringify(await records())).not.toContain(SECRET);
    expect(app.log.text).not.toContain(SECRET);
  });
});
