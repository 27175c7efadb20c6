import { randomUUID } from 'node:crypto';
import { type AuditView } from '../../../src/audit/audit.view.js';
import { startApp, type TestApp } from '../../support/app.js';
import { lockNode, unlockNode } from '../../support/locks.js';
import { until } from '../../support/until.js';
import { type Body, createNode, setColumns, showNode } from '../nodes/requests.js';

const add = (path: string, value: unknown) => ({ op: 'add', path, value });
const LINK = { switch_id: '52:54:00:00:ff:01', port_id: '1/7' };

let addresses = 0;
const newAddress = (): string => `52:54:00:00:00:${(++addresses).toString(16).padStart(2, '0')}`;

describe('ports of nodes', () => {
  let app: TestApp;
  let node: string;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    node = String((await createNode(app))['uuid']);
  });

  const make = async (collection: string, body: Body = {}, version = 109): Promise<Body> => {
    const given = { node_uuid: node, address: newAddress(), ...body };
    return (await app.http.post(`/v1/${collection}`, given, { version })).expect(201).json<Body>();
  };
  const port = (body?: Body, version?: number) => make('ports', body, version);
  const portgroup = (body?: Body, version?: number) => make('portgroups', body, version);
  const pathOf = (collection: string, { uuid }: Body) => `/v1/${collection}/${String(uuid)}`;
  const get = async (path: string, version = 109) =>
    (await app.http.get(path, { version })).expect(200).json<Body>();
  const listed = async (path: string, version = 109): Promise<unknown[]> => {
    const [rows = []] = Object.values(await get(path, version)) as Body[][];
    return rows.map(({ uuid }) => uuid);
  };

  it('are created, shown, changed and deleted', async () => {
    const uuid = randomUUID();
    const given = { node_uuid: node, uuid, address: '52:54:00:0A:BC:DE', local_link_connection: LINK };
    const answer = await app.http.post('/v1/ports', { ...given, name: 'eth0', vendor: 'ACME' });
    const created = answer.expect(201).json<Body>();
    const { base } = app.http;
    expect(answer.headers.location).toBe(`${base}/v1/ports/${uuid}`);
    expect(created).toEqual({
      uuid,
      name: 'eth0',
      address: '52:54:00:0a:bc:de',
      node_uuid: node,
      portgroup_uuid: null,
      pxe_enabled: true,
      local_link_connection: LINK,
      physical_network: null,
      is_smartnic: false,
      description: null,
      vendor: 'ACME',
      category: null,
      extra: {},
      internal_info: {},
      created_at: expect.stringMatching(/\+00:00$/) as unknown,
      updated_at: null,
      links: [
        { href: `${base}/v1/ports/${uuid}`, rel: 'self' },
        { href: `${base}/ports/${uuid}`, rel: 'bookmark' },
      ],
    });
    expect(await get(pathOf('ports', created))).toEqual(created);
    const changes = [add('/extra/a', 1), add('/pxe_enabled', 'off'), add('/physical_network', 'mgmt')];
    const patched = (await app.http.patch(pathOf('ports', created), changes)).expect(200).json<Body>();
    expect(patched).toMatchObject({ extra: { a: 1 }, pxe_enabled: false, physical_network: 'mgmt' });
    expect(await get(pathOf('ports', created))).toEqual(patched);
    const removals = ['/extra/a', '/pxe_enabled', '/physical_network', '/vendor', '/name'];
    const removed = await app.http.patch(
      pathOf('ports', created),
      removals.map((path) => ({ op: 'remove', path })),
    );
    expect(removed.expect(200).json()).toMatchObject({
      extra: {},
      pxe_enabled: true,
      physical_network: null,
      vendor: null,
      name: null,
    });
    (await app.http.delete(pathOf('ports', created))).expect(204);
    (await app.http.get(pathOf('ports', created))).expect(404);
    (await app.http.delete(pathOf('ports', created))).expect(404);
    expect((await showNode(app, node))['reservation']).toBeNull();
  });

  it('have the fields of the version', async () => {
    const made = await port({ extra: { a: 1 } }, 1);
    const common = ['address', 'created_at', 'extra', 'links', 'node_uuid', 'updated_at', 'uuid'];
    expect(Object.keys(made).sort()).toEqual(common);
    for (const [field, since] of Object.entries({
      internal_info: 18,
      pxe_enabled: 19,
      local_link_connection: 19,
      portgroup_uuid: 24,
      physical_network: 34,
      is_smartnic: 53,
      name: 88,
      description: 97,
      vendor: 100,
      category: 101,
    })) {
      expect(await get(pathOf('ports', made), since - 1)).not.toHaveProperty(field);
      expect(await get(pathOf('ports', made), since)).toHaveProperty(field);
      const search = `${pathOf('ports', made)}?fields=${field}`;
      (await app.http.get(search, { version: since - 1 })).expect(406);
    }
    const early = { node_uuid: node, address: newAddress(), vendor: 'ACME' };
    (await app.http.post('/v1/ports', early, { version: 99 })).expect(406);
    const typed = { ...early, local_link_connection: { network_type: 'unmanaged' }, vendor: null };
    (await app.http.post('/v1/ports', typed, { version: 63 })).expect(406);
    (await app.http.post('/v1/ports', typed, { version: 64 })).expect(201);
  });

  it('are linked to by their node, and deleted with it', async () => {
    const group = await portgroup();
    const made = await port({ portgroup_uuid: group['uuid'] });
    const shown = await showNode(app, node);
    for (const collection of ['ports', 'portgroups']) {
      expect(shown[collection]).toEqual([
        { href: `${app.http.base}/v1/nodes/${node}/${collection}`, rel: 'self' },
        { href: `${app.http.base}/nodes/${node}/${collection}`, rel: 'bookmark' },
      ]);
    }
    (await app.http.delete(`/v1/nodes/${node}`)).expect(204);
    (await app.http.get(pathOf('ports', made))).expect(404);
    (await app.http.get(pathOf('portgroups', group))).expect(404);
  });

  it('are listed by node, address, port group and shard, in pages', async () => {
    (await app.http.patch(`/v1/nodes/${node}`, [add('/name', `n-${node}`), add('/shard', node)])).expect(200);
    const group = await portgroup({ name: `bond-${node}` });
    const first = await port({ portgroup_uuid: group['uuid'] });
    const second = await port();
    const [one, two] = [first['uuid'], second['uuid']];
    for (const search of [`node=${node}`, `node=n-${node}`, `node_uuid=${node}`, `shard=${node}`]) {
      expect([search, await listed(`/v1/ports?${search}`)]).toEqual([search, [one, two]]);
      expect([search, await listed(`/v1/ports/detail?${search}`)]).toEqual([search, [one, two]]);
    }
    const own = [`/v1/nodes/${node}/ports`, `/v1/nodes/n-${node}/ports`, `/v1/nodes/${node}/ports/detail`];
    for (const path of own) expect([path, await listed(path)]).toEqual([path, [one, two]]);
    for (const path of [
      `/v1/ports?portgroup=bond-${node}`,
      `/v1/ports?address=${String(first['address']).toUpperCase()}`,
      `/v1/portgroups/bond-${node}/ports`,
      `${pathOf('portgroups', group)}/ports/detail`,
    ]) {
      expect([path, await listed(path)]).toEqual([path, [one]]);
    }
    for (const path of [
      `/v1/portgroups?node=${node}`,
      `/v1/portgroups/detail?shard=${node}`,
      `/v1/nodes/${node}/portgroups`,
      `/v1/nodes/${node}/portgroups/detail`,
      `/v1/portgroups?address=${String(group['address'])}`,
    ]) {
      expect([path, await listed(path)]).toEqual([path, [group['uuid']]]);
    }
    expect(await listed(`/v1/ports?address=52:54:00:ff:ff:ff`)).toEqual([]);
    expect(await listed(`/v1/ports?node=${node}&conductor_groups=other`)).toEqual([]);
    const sorted = await listed(`/v1/ports?node=${node}&sort_key=address&sort_dir=desc`);
    expect(sorted).toEqual([two, one]);
    const page = await get(`/v1/nodes/${node}/ports?limit=1`);
    expect(page['ports']).toEqual([{ uuid: one, address: first['address'], links: first['links'] }]);
    const next = String(page['next']);
    expect(next).toContain(`/v1/nodes/${node}/ports?`);
    expect(await listed(next.slice(app.http.base.length))).toEqual([two]);
    const parts = await get(`/v1/nodes/${node}/ports?fields=address&limit=1`);
    expect(parts['ports']).toEqual([{ address: first['address'], links: first['links'] }]);
  });

  it.each([
    ['ports?address=nope', 400],
    ['ports?nosuch=1', 400],
    ['ports?sort_key=extra', 400],
    ['ports?detail=true&fields=uuid', 400],
    [`ports?marker=${randomUUID()}`, 404],
    [`ports?node=${randomUUID()}`, 404],
    [`ports?portgroup=${randomUUID()}`, 404],
    [`nodes/${randomUUID()}/ports`, 404],
    [`nodes/${randomUUID()}/portgroups`, 404],
    [`portgroups/${randomUUID()}/ports`, 404],
    ['ports/nope', 400],
    ['portgroups/nosuch', 404],
    ['portgroups/a%2Fb', 400],
  ])('are not found by %s', async (path, status) => {
    (await app.http.get(`/v1/${path}`)).expect(status);
  });

  it('know the versions of their paths and filters', async () => {
    for (const [path, since, status] of [
      ['portgroups', 23, 404],
      ['portgroups/detail', 23, 404],
      [`nodes/${node}/portgroups`, 24, 404],
      ['ports?shard=a', 82, 406],
      ['portgroups?shard=a', 106, 406],
      ['ports?conductor_groups=a', 99, 406],
      ['ports?fields=uuid', 8, 406],
    ] as const) {
      expect([path, (await app.http.get(`/v1/${path}`, { version: since - 1 })).status]).toEqual([
        path,
        status,
      ]);
      expect([path, (await app.http.get(`/v1/${path}`, { version: since })).status]).toEqual([path, 200]);
    }
    (await app.http.get('/v1/ports?portgroup=x', { version: 23 })).expect(406);
    (await app.http.get('/v1/ports?node=x', { version: 4 })).expect(406);
  });

  it('refuse what they are not, and change nothing', async () => {
    const made = await port();
    const path = pathOf('ports', made);
    const address = newAddress();
    for (const body of [
      [],
      {},
      { node_uuid: node },
      { address },
      { node_uuid: node, address: '52-54-00-00-00-01' },
      { node_uuid: 'nope', address },
      { node_uuid: randomUUID(), address },
      { node_uuid: node, address, nosuch: 1 },
      { node_uuid: node, address, internal_info: {} },
      { node_uuid: node, address, physical_network: '' },
      { node_uuid: node, address, physical_network: 'x'.repeat(65) },
      { node_uuid: node, address, name: 'a b' },
      { node_uuid: node, address, name: randomUUID() },
      { node_uuid: node, address, portgroup_uuid: randomUUID() },
      { node_uuid: node, address, is_smartnic: true },
      { node_uuid: node, address, is_smartnic: true, local_link_connection: { port_id: 'p' } },
      { node_uuid: node, address, local_link_connection: { port_id: 'p' } },
      { node_uuid: node, address, local_link_connection: { ...LINK, nosuch: 1 } },
      { node_uuid: node, address, local_link_connection: { ...LINK, switch_id: 'nope' } },
      { node_uuid: node, address, local_link_connection: { ...LINK, network_type: 'odd' } },
    ]) {
      const { status } = await app.http.post('/v1/ports', body);
      expect([body, status]).toEqual([body, 400]);
    }
    for (const patch of [
      {},
      [add('/uuid', randomUUID())],
      [add('/internal_info', {})],
      [{ op: 'remove', path: '/address' }],
      [{ op: 'remove', path: '/node_uuid' }],
      [add('/address', 'nope')],
      [add('/node_uuid', randomUUID())],
      [add('/portgroup_uuid', randomUUID())],
      [add('/is_smartnic', true)],
      [add('/extra', 1)],
    ]) {
      const { status } = await app.http.patch(path, patch);
      expect([patch, status]).toEqual([patch, 400]);
    }
    (await app.http.patch(`/v1/ports/${randomUUID()}`, [add('/extra/a', 1)])).expect(404);
    expect(await get(path)).toEqual(made);
    expect((await showNode(app, node))['reservation']).toBeNull();
  });

  it.each([
    ['a smart NIC', { is_smartnic: true, local_link_connection: { port_id: 'p', hostname: 'h' } }],
    ['an OpenFlow switch', { local_link_connection: { ...LINK, switch_id: '0000525400ABCDEF' } }],
    ['an unmanaged network', { local_link_connection: { network_type: 'unmanaged' } }],
    ['what clients send for nothing', { extra: null, portgroup_uuid: null, local_link_connection: null }],
  ])('may have %s', async (_, members) => {
    await port(members);
  });

  it('are unique by UUID, address and name', async () => {
    for (const collection of ['ports', 'portgroups']) {
      const made = await make(collection, { name: `${collection}-${node}` });
      const other = await make(collection);
      const { uuid, address, name } = made;
      for (const same of [{ uuid }, { address }, { name }]) {
        const body = { node_uuid: node, address: newAddress(), ...same };
        const refused = await app.http.post(`/v1/${collection}`, body);
        expect(refused.expect(409).fault.faultstring).toContain(String(Object.values(same)[0]));
      }
      for (const same of [add('/address', address), add('/name', name)]) {
        (await app.http.patch(pathOf(collection, other), [same])).expect(409);
      }
      expect(await get(pathOf(collection, other))).toEqual(other);
    }
  });

  it('are not changed while their node is locked', async () => {
    const made = await port();
    await lockNode(app.database, node, 'other-conductor');
    (await app.http.patch(pathOf('ports', made), [add('/extra/a', 1)])).expect(409);
    (await app.http.delete(pathOf('ports', made))).expect(409);
    (await app.http.patch(pathOf('ports', made), [])).expect(200);
    await unlockNode(app.database, node);
    expect(await get(pathOf('ports', made))).toEqual(made);
  });

  it('are rewired only while nothing relies on them', async () => {
    const made = await port();
    await setColumns(app, node, { provision_state: 'active' });
    const rewire = [add('/pxe_enabled', false)];
    const refused = await app.http.patch(pathOf('ports', made), rewire);
    expect(refused.expect(409).fault.faultstring).toContain('pxe_enabled');
    (await app.http.patch(pathOf('ports', made), [add('/extra/a', 1)])).expect(200);
    await setColumns(app, node, { maintenance: true });
    (await app.http.patch(pathOf('ports', made), rewire)).expect(200);
  });

  it('move to another node, but not out of their port group', async () => {
    const other = String((await createNode(app))['uuid']);
    const group = await portgroup();
    const made = await port({ portgroup_uuid: group['uuid'] });
    (await app.http.patch(pathOf('ports', made), [add('/node_uuid', other)])).expect(400);
    const leave = [add('/node_uuid', other), { op: 'remove', path: '/portgroup_uuid' }];
    const moved = (await app.http.patch(pathOf('ports', made), leave)).expect(200).json<Body>();
    expect(moved).toMatchObject({ node_uuid: other, portgroup_uuid: null });
    (await app.http.patch(pathOf('ports', made), [add('/portgroup_uuid', group['uuid'])])).expect(400);
  });

  describe('in port groups', () => {
    it('belong to groups with fields of their own', async () => {
      const uuid = randomUUID();
      const made = await portgroup({
        uuid,
        name: `own-${node}`,
        mode: '802.3ad',
        properties: { miimon: 100 },
      });
      expect(made).toMatchObject({
        uuid,
        node_uuid: node,
        mode: '802.3ad',
        properties: { miimon: 100 },
        standalone_ports_supported: true,
        physical_network: null,
        category: null,
        extra: {},
        internal_info: {},
        updated_at: null,
        ports: [
          { href: `${app.http.base}/v1/portgroups/${uuid}/ports`, rel: 'self' },
          { href: `${app.http.base}/portgroups/${uuid}/ports`, rel: 'bookmark' },
        ],
      });
      expect(await get(`/v1/portgroups/own-${node}`)).toEqual(made);
      const early = await get(pathOf('portgroups', made), 23);
      for (const field of ['mode', 'properties', 'ports', 'physical_network', 'category']) {
        expect(early).not.toHaveProperty(field);
      }
      const rename = [add('/name', `new-${node}`), { op: 'remove', path: '/mode' }, add('/address', null)];
      const patched = (await app.http.patch(`/v1/portgroups/own-${node}`, rename)).expect(200).json();
      expect(patched).toMatchObject({ name: `new-${node}`, mode: 'active-backup', address: null });
      (await app.http.delete(`/v1/portgroups/new-${node}`)).expect(204);
      (await app.http.get(pathOf('portgroups', made))).expect(404);
      (await app.http.post('/v1/portgroups', { node_uuid: node, name: 'detail' })).expect(400);
    });

    it('keep their group from being deleted or moved', async () => {
      const other = String((await createNode(app))['uuid']);
      const group = await portgroup();
      const made = await port({ portgroup_uuid: group['uuid'] });
      (await app.http.delete(pathOf('portgroups', group))).expect(400);
      (await app.http.patch(pathOf('portgroups', group), [add('/node_uuid', other)])).expect(400);
      (await app.http.delete(pathOf('ports', made))).expect(204);
      (await app.http.delete(pathOf('portgroups', group))).expect(204);
    });

    it('boot on their own only if the group allows it', async () => {
      const closed = await portgroup({ standalone_ports_supported: false });
      const open = await portgroup();
      const body = { node_uuid: node, address: newAddress(), portgroup_uuid: closed['uuid'] };
      (await app.http.post('/v1/ports', body)).expect(409);
      const made = await port({ portgroup_uuid: closed['uuid'], pxe_enabled: false });
      (await app.http.patch(pathOf('ports', made), [add('/pxe_enabled', true)])).expect(409);
      await port({ portgroup_uuid: open['uuid'] });
      const close = [add('/standalone_ports_supported', false)];
      (await app.http.patch(pathOf('portgroups', open), close)).expect(409);
    });
  });

  it('have records in the audit', async () => {
    const made = await port();
    (await app.http.patch(pathOf('ports', made), [add('/extra/password', 'planted-hunter2')])).expect(200);
    (await app.http.delete(pathOf('ports', made))).expect(204);
    const records = async (): Promise<AuditView[]> => {
      const { audit } = (await app.http.get(`/v1/audit?node=${node}`)).json<{ audit: AuditView[] }>();
      return audit.filter(({ resource }) => resource === `ports/${String(made['uuid'])}`);
    };
    await until(async () => (await records()).length === 6);
    const actions = (await records()).map(({ event, action }) => `${event} ${action}`);
    expect(actions.toSorted()).toEqual(
      ['begin', 'end'].flatMap((event) =>
        ['create', 'delete', 'update'].map((verb) => `${event} baremetal:port:${verb}`),
      ),
    );
    expect(JSON.stringify(await records())).not.toContain('planted-hunter2');
    expect(app.log.text).not.toContain('planted-hunter2');
  });
});
