import { startApp, type TestApp } from '../support/app.js';
import { hostsOf } from '../support/passthru.js';
import { until } from '../support/until.js';

/** A conductor of another process, whose lease holds for so long. */
const OTHER = `
  insert into conductors (id, hostname, expires_at, role, conductor_group, version, drivers)
  select gen_random_uuid(), $1, now() + $2::interval, $3, $4, '0.0.0',
         (select json_agg(replace(driver::text, '"fake-hardware"', to_json($5::text)::text)::json)
          from conductors own, json_array_elements(own.drivers) driver where own.hostname = 'cond-a')`;

const PROBLEM = { headers: { Accept: 'application/problem+json' } };

describe('several conductors', () => {
  let app: TestApp;
  beforeEach(async () => (app = await startApp()));
  afterEach(() => app.close());

  const add = async (
    hostname: string,
    { lease = '1 hour', role = 'all', group = '', driver = 'fake-hardware' } = {},
  ): Promise<void> => {
    const statement = { name: 'other-conductor', text: OTHER };
    await app.database.query(statement, [hostname, lease, role, group, driver]);
  };
  const leave = async (hostname: string): Promise<void> => {
    const text = 'update conductors set is_leaving = true where hostname = $1';
    await app.database.query({ name: 'leave', text }, [hostname]);
  };
  const get = async <T>(path: string) => (await app.http.get(path)).expect(200).json<T>();
  const hosts = (driver: string) => hostsOf(app.http, driver);
  const listed = async (query = '') =>
    (await get<{ conductors: { hostname: string }[] }>(`/v1/conductors${query}`)).conductors.map(
      ({ hostname }) => hostname,
    );
  const create = async (body: object) =>
    (await app.http.post('/v1/nodes', { driver: 'fake-hardware', ...body })).expect(201).json<{
      uuid: string;
      conductor: string | null;
    }>();

  it('are shown as Ironic shows them', async () => {
    await add('cond-b', { group: 'site-b', driver: 'other' });
    await add('api', { role: 'api' });
    const link = (rel: string, path: string) => ({ href: `${app.http.base}${path}`, rel });
    const first = {
      hostname: 'cond-a',
      conductor_group: '',
      alive: true,
      links: [link('self', '/v1/conductors/cond-a'), link('bookmark', '/conductors/cond-a')],
    };
    const { conductors } = await get<{ conductors: unknown[] }>('/v1/conductors');
    expect(conductors).toEqual([
      first,
      expect.objectContaining({ hostname: 'cond-b', conductor_group: 'site-b', alive: true }),
    ]);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\+00:00$/) as unknown;
    expect(await get('/v1/conductors/cond-a')).toEqual({
      ...first,
      drivers: ['fake-hardware'],
      created_at: time,
      updated_at: time,
    });
    expect(await get('/v1/conductors/cond-b?fields=drivers')).toEqual({
      drivers: ['other'],
      links: [link('self', '/v1/conductors/cond-b'), link('bookmark', '/conductors/cond-b')],
    });
    expect(await get('/v1')).toMatchObject({
      conductors: [link('self', '/v1/conductors/'), link('bookmark', '/conductors/')],
    });
  });

  it('are sorted and divided into pages', async () => {
    for (const name of ['cond-c', 'cond-b']) await add(name);
    expect(await listed()).toEqual(['cond-a', 'cond-c', 'cond-b']);
    expect(await listed('?sort_key=hostname&sort_dir=desc')).toEqual(['cond-c', 'cond-b', 'cond-a']);
    const page = await get<{ next: string }>('/v1/conductors?limit=2&sort_key=hostname&fields=hostname');
    expect(page.next).toContain('sort_key=hostname&sort_dir=asc&fields=hostname&limit=2&marker=cond-b');
    expect(await listed(page.next.slice(page.next.indexOf('?')))).toEqual(['cond-c']);
  });

  it('share the nodes of their drivers, and the filter of lists finds them', async () => {
    const uuids: string[] = [];
    for (let each = 0; each < 24; each++) uuids.push((await create({})).uuid);
    for (const name of ['cond-b', 'cond-c']) await add(name);
    await until(async () => (await hosts('fake-hardware')).length === 3);
    const found = new Map<string, string>();
    for (const host of ['cond-a', 'cond-b', 'cond-c']) {
      const { nodes } = await get<{ nodes: { uuid: string; conductor: string }[] }>(
        `/v1/nodes?conductor=${host}&fields=uuid,conductor`,
      );
      for (const { uuid, conductor } of nodes) {
        expect(conductor).toBe(host);
        found.set(uuid, conductor);
      }
    }
    expect([...found.keys()].sort()).toEqual([...uuids].sort());
    expect(new Set(found.values()).size).toBe(3);
  });

  it('serve the nodes of their group alone', async () => {
    const body = { driver: 'fake-hardware', conductor_group: 'Site-B' };
    (await app.http.post('/v1/nodes', body)).expect(400);
    await add('cond-b', { group: 'site-b' });
    await until(async () => (await hosts('fake-hardware')).includes('cond-b'));
    const node = await create(body);
    expect(node).toMatchObject({ conductor: 'cond-b', conductor_group: 'site-b' });
    // The process that is asked has the driver, too, but not the group; the other one has no address.
    for (const method of ['echo', 'report_progress']) {
      const elsewhere = await app.http.post(`/v1/nodes/${node.uuid}/vendor_passthru/${method}`, {}, PROBLEM);
      expect(elsewhere.expect(503).json<{ detail: string }>().detail).toMatch(
        /could take the call; asked: cond-b\./,
      );
      expect(elsewhere.headers).toMatchObject({ 'retry-after': '5' });
    }
    await leave('cond-b');
    await until(async () => (await get<typeof node>(`/v1/nodes/${node.uuid}`)).conductor === null);
    for (const path of ['vendor_passthru/methods', 'vendor_passthru?method=echo', 'validate']) {
      const absent = (await app.http.get(`/v1/nodes/${node.uuid}/${path}`, PROBLEM)).expect(503);
      expect(absent.json<{ detail: string }>().detail).toContain(
        'The last conductor of conductor group "site-b" with driver',
      );
      expect(absent.headers).toMatchObject({ 'retry-after': '5' });
    }
    const patch = [{ op: 'add', path: '/conductor_group', value: 'site-b' }];
    (await app.http.patch(`/v1/nodes/${(await create({})).uuid}`, patch)).expect(400);
  });

  it('list a driver as long as one of them is alive, and without any the answer is 503', async () => {
    await add('cond-b', { driver: 'other' });
    await until(async () => (await hosts('other'))[0] === 'cond-b');
    expect(await get('/v1/drivers/other')).toMatchObject({ enabled_vendor_interfaces: expect.any(Array) });
    expect(await get('/v1/drivers/other/properties')).toEqual(expect.any(Object));
    const node = await create({});
    await leave('cond-b');
    await until(async () => (await hosts('other')).length === 0);
    (await app.http.get('/v1/drivers/other')).expect(404);
    (await app.http.get('/v1/drivers/other/properties')).expect(404);
    // As if it had another role: its own lease counts no more.
    await app.database.query({ name: 'retire', text: "update conductors set role = 'api'" }, []);
    await until(async () => (await hosts('fake-hardware')).length === 0);
    expect(await get(`/v1/nodes/${node.uuid}`)).toMatchObject({ conductor: null });
    for (const path of ['vendor_passthru?method=echo', 'vendor_passthru/methods', 'validate'])
      (await app.http.get(`/v1/nodes/${node.uuid}/${path}`)).expect(503);
    (await app.http.post('/v1/nodes', { driver: 'fake-hardware' })).expect(503);
    (await app.http.get('/v1/drivers/fake-hardware/vendor_passthru/methods')).expect(503);
    (await app.http.get('/v1/drivers/nonesuch/vendor_passthru/methods')).expect(404);
  });
});

describe('requests for conductors that are refused', () => {
  let app: TestApp;
  beforeAll(async () => (app = await startApp()));
  afterAll(() => app.close());

  it.each([
    ['/v1/conductors', 48, 404],
    ['/v1/conductors/cond-a', 48, 404],
    ['/v1/conductors/nobody', 49, 404],
    ['/v1/conductors?marker=nobody', 49, 404],
    ['/v1/conductors?sort_key=alive', 49, 400],
    ['/v1/conductors?fields=bogus', 49, 400],
    ['/v1/conductors?fields=hostname&detail=true', 49, 400],
    ['/v1/conductors?bogus=1', 49, 400],
    ['/v1/conductors/cond-a?limit=1', 49, 400],
  ])('%s at 1.%i is %i', async (path, version, status) => {
    (await app.http.get(path, { version })).expect(status);
  });
});
