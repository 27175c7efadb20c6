import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { startApp, type TestApp } from '../../support/app.js';

type Body = Record<string, unknown>;
interface Page {
  readonly nodes: Body[];
  readonly next?: string;
}

describe('lists of nodes', () => {
  let app: TestApp;
  const uuids = new Map<string, string>();

  const create = async (name: string, body: Body = {}): Promise<void> => {
    const answer = await app.http.post('/v1/nodes', { driver: 'fake-hardware', name, ...body });
    uuids.set(name, String(answer.expect(201).json<Body>()['uuid']));
  };
  const set = (name: string, values: Body) =>
    app.database.kysely.updateTable('nodes').set(values).where('name', '=', name).execute();
  const list = async (query = '', version = 109): Promise<Page> =>
    (await app.http.get(`/v1/nodes${query}`, { version })).expect(200).json<Page>();
  const names = async (query: string): Promise<unknown[]> =>
    (await list(query)).nodes.map((node) => node['name']);

  beforeAll(async () => {
    app = await startApp({ FERRULE_MAX_LIMIT: '50' });
    await create('a', { owner: 'me', shard: 'Rack-1', description: '100% of A_B', resource_class: 'x' });
    await create('b', { owner: 'you', lessee: 'me', instance_uuid: randomUUID(), instance_name: 'vm' });
    await create('c', { maintenance: true, retired: true, shard: 'rack-2', description: '100 of AxB' });
    await create('d', {});
    await create('child', { parent_node: uuids.get('a') });
    await set('c', { provision_state: 'active', fault: 'power failure' });
    await set('d', { driver: 'gone', conductor_group: 'far' });
  });
  afterAll(() => app.close());

  it('show a summary by default', async () => {
    const { nodes, next } = await list();
    expect(nodes.map((node) => node['name'])).toEqual(['a', 'b', 'c', 'd']);
    expect(Object.keys(nodes[0] ?? {}).sort()).toEqual(
      ['instance_uuid', 'links', 'maintenance', 'name', 'power_state', 'provision_state', 'uuid'].sort(),
    );
    expect(next).toBeUndefined();
    expect(Object.keys((await list('', 4)).nodes[0] ?? {})).not.toContain('name');
  });

  it.each([
    ['driver=gone', ['d']],
    ['associated=true', ['b']],
    ['associated=False', ['a', 'c', 'd']],
    ['maintenance=on', ['c']],
    ['maintenance=0', ['a', 'b', 'd']],
    ['retired=true', ['c']],
    ['provision_state=active', ['c']],
    ['resource_class=x', ['a']],
    ['fault=power%20failure', ['c']],
    ['conductor_group=FAR', ['d']],
    ['conductor=cond-a', ['a', 'b', 'c']],
    ['conductor=elsewhere', []],
    ['owner=me', ['a']],
    ['lessee=me', ['b']],
    ['project=me', ['a', 'b']],
    ['description_contains=0%25%20of', ['a']],
    ['description_contains=A_B', ['a']],
    ['shard=rack-1,RACK-2', ['a', 'c']],
    ['sharded=false', ['b', 'd']],
    ['parent_node=a', ['child']],
    ['parent_node=nosuch', []],
    ['include_children=true', ['a', 'b', 'c', 'd', 'child']],
    ['include_children=false', ['a', 'b', 'c', 'd']],
    ['instance_name=vm', ['b']],
    ['owner=me&sharded=true&maintenance=false', ['a']],
    [`instance_uuid=${randomUUID()}`, []],
  ])('are filtered by %s', async (query, found) => {
    expect(await names(`?${query}`)).toEqual(found);
  });

  it('find the children and the instance of a UUID', async () => {
    expect(await names(`?parent_node=${String(uuids.get('a'))}`)).toEqual(['child']);
    const instance = String((await list('?associated=true')).nodes[0]?.['instance_uuid']);
    const page = await list(`?limit=1&instance_uuid=${instance.toUpperCase()}`);
    expect(page.nodes.map((node) => node['name'])).toEqual(['b']);
    expect(page).not.toHaveProperty('next');
  });

  it.each([
    ...['limit=-1', 'limit=0', 'limit=abc', 'limit=1.5', 'limit='],
    ...['marker=abc', 'sort_dir=up', 'sort_key=nosuch', 'sort_key=properties', 'sort_key=traits'],
    ...['sort_key=links', 'sort_key=conductor', 'sort_key=chassis_uuid', 'sort_key='],
    ...['fields=nosuch', 'fields=uuid&detail=true', 'detail=banana', 'maintenance=banana', 'associated='],
    ...['provision_state=nosuch', 'fault=nosuch', 'instance_uuid=x', 'chassis_uuid=x', 'parent_node=%20'],
    ...['limit=1&limit=2', 'owner=a&owner=b', 'nosuch=1', 'name=a', 'uuid=x', 'reservation=x', 'health=OK'],
    ...['owner=%00', 'a[]=1', 'limit=9999999999999999999999x'],
  ])('refuse %s', async (query) => {
    (await app.http.get(`/v1/nodes?${query}`)).expect(400);
  });

  it('refuse parameters that the version does not have, and unknown ones', async () => {
    for (const [query, since] of [
      ['fields=uuid', 8],
      ['provision_state=enroll', 9],
      ['driver=x', 16],
      ['conductor=x', 49],
      ['include_children=false', 83],
      ['instance_name=x', 104],
    ] as const) {
      (await app.http.get(`/v1/nodes?${query}`, { version: since - 1 })).expect(406);
      (await app.http.get(`/v1/nodes?${query}`, { version: since })).expect(200);
    }
    (await app.http.get('/v1/nodes?fields=vendor_interface', { version: 30 })).expect(406);
    (await app.http.get('/v1/nodes?sort_key=owner', { version: 49 })).expect(406);
    (await app.http.get('/v1/nodes?detail=false', { version: 42 })).expect(400);
    (await app.http.get(`/v1/nodes?marker=${randomUUID()}`)).expect(404);
    (await app.http.get(`/v1/nodes?chassis_uuid=${randomUUID()}`)).expect(404);
  });

  it('are detailed by path and by parameter', async () => {
    const node = (await app.http.get('/v1/nodes/a')).json();
    expect((await list('?detail=true')).nodes[0]).toEqual(node);
    expect((await list('/detail')).nodes[0]).toEqual(node);
    expect((await list('/detail/')).nodes[0]).toEqual(node);
    (await app.http.get('/v1/nodes/detail?fields=uuid')).expect(400);
    (await app.http.get('/v1/nodes/detail?detail=true')).expect(400);
  });

  it('select fields, also those that are not columns', async () => {
    const fields = 'conductor,chassis_uuid,allocation_uuid,reservation,created_at,ports';
    const { nodes } = await list(`?fields=${fields}&driver=gone`);
    expect(Object.keys(nodes[0] ?? {}).sort()).toEqual([...fields.split(','), 'links'].sort());
    expect(nodes[0]).toMatchObject({ conductor: null, reservation: null });
    expect(Object.keys((await list('?fields=')).nodes[0] ?? {})).toEqual(['links']);
  });

  it('cap their limit and keep the parameters in the next link', async () => {
    const page = await list('?limit=2&maintenance=False&sharded=false&fields=name,uuid');
    expect(page.next).toBe(
      `${app.http.base}/v1/nodes?sort_key=id&sort_dir=asc&maintenance=False&sharded=false&fields=name,uuid` +
        `&limit=2&marker=${String(uuids.get('d'))}`,
    );
    expect((await list('/detail?limit=1')).next).toContain('/v1/nodes/detail?sort_key=id');
    expect((await list('?limit=100000')).nodes).toHaveLength(4);
  });

  describe('of many', () => {
    const KEYS = [
      'id',
      'uuid',
      'name',
      'owner',
      'maintenance',
      'created_at',
      'provision_updated_at',
      'reservation',
    ];

    beforeAll(async () => {
      await sql`
        insert into nodes (uuid, name, driver, owner, maintenance, provision_state, provision_updated_at,
          ${sql.join(INTERFACES.map((name) => sql.ref(name)))})
        select gen_random_uuid(), 'many-' || n, 'many', nullif(n % 4, 0)::text, n % 3 = 0, 'enroll',
          case when n % 5 > 1 then to_timestamp(n % 5) end,
          ${sql.join(INTERFACES.map(() => sql`'x'`))}
        from generate_series(1, 101) n`.execute(app.database.kysely);
      await sql`
        insert into reservations (node_id, token, holder, conductor_id)
        select id, gen_random_uuid(), 'h' || id % 2, (select id from conductors) from nodes
        where driver = 'many' and id % 3 = 0`.execute(app.database.kysely);
    });

    it.each(KEYS.flatMap((key) => ['asc', 'desc'].map((direction) => [key, direction])))(
      'are walked by %s %s without losing or repeating one',
      async (key, direction) => {
        const first = `/v1/nodes?driver=many&fields=uuid&limit=9&sort_key=${key}&sort_dir=${direction}`;
        const seen: unknown[] = [];
        for (let path: string | undefined = first; path !== undefined;) {
          const page: Page = (await app.http.get(path)).expect(200).json<Page>();
          seen.push(...page.nodes.map((node) => node['uuid']));
          path = page.next?.slice(app.http.base.length);
        }
        expect(seen).toHaveLength(101);
        expect(new Set(seen).size).toBe(101);
      },
    );

    it('are sorted as asked', async () => {
      const walk = async (direction: string) =>
        (await list(`?driver=many&fields=name&sort_key=name&sort_dir=${direction}`)).nodes.map((node) =>
          String(node['name']),
        );
      const up = await walk('asc');
      expect(up).toHaveLength(50);
      expect(up).toEqual([...up].sort());
      const down = await walk('desc');
      expect(down).toHaveLength(50);
      expect(down).toEqual([...down].sort().reverse());
      expect(down[0]).not.toBe(up.at(-1));
    });

    it('have pages of fifty without a limit', async () => {
      const page = await list('?driver=many');
      expect(page.nodes).toHaveLength(50);
      expect(page.next).toContain('limit=50');
    });

    it('have a next page exactly when the page is full', async () => {
      expect(await list('?driver=many&limit=40&sort_key=owner')).toHaveProperty('next');
      expect(await list('?driver=gone&limit=1')).toHaveProperty('next');
      expect(await list('?driver=gone&limit=2')).not.toHaveProperty('next');
    });
  });
});

const INTERFACES =
  'bios boot console deploy firmware inspect management network power raid rescue storage vendor'
    .split(' ')
    .map((kind) => `${kind}_interface`);
