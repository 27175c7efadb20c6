import { connect } from 'node:net';
import { BODY, call, type Reply, SUBSCRIPTIONS, SYSTEMS, useBmc } from '../client.spec-support.js';
import { startBmc } from '../server/bmc-server.js';

const SYSTEM = `${SYSTEMS}/1`;
const RESET = `${SYSTEM}/Actions/ComputerSystem.Reset`;
const SESSIONS = '/redfish/v1/SessionService/Sessions';

describe('what the standard asks of a service', () => {
  const lab = useBmc();
  const get = (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
    call(lab.bmc, 'GET', path, { headers });
  const send = (method: string, path: string, body: NonNullable<Parameters<typeof call>[3]>['body']) =>
    call(lab.bmc, method, path, { ...(body !== undefined && { body }) });
  const reasonOf = (reply: Reply): [number, string] => [
    reply.status,
    /"MessageId":"[^"]*\.(\w+)"/.exec(reply.raw.toString())?.[1] ?? '',
  ];

  it('a system has a boot override, which takes the values it publishes', async () => {
    const boot = (fields: Record<string, string | boolean>) => send('PATCH', SYSTEM, { Boot: fields });
    const { status } = await boot({ BootSourceOverrideTarget: 'Pxe', BootSourceOverrideEnabled: 'Once' });
    expect(status).toBe(200);
    expect((await get(SYSTEM)).body['Boot']).toMatchObject({ BootSourceOverrideTarget: 'Pxe' });
    expect(reasonOf(await boot({ BootSourceOverrideTarget: 'Tape' }))).toEqual([
      400,
      'PropertyValueNotInList',
    ]);
    expect(reasonOf(await boot({ BootSourceOverrideTarget: true }))).toEqual([400, 'PropertyValueTypeError']);
    expect(reasonOf(await boot({ BootOrderX: 'a' }))).toEqual([400, 'PropertyUnknown']);
  });

  it.each([
    [{ PowerState: 'Off' }, 'PropertyNotWritable'],
    [{ Name: 'x' }, 'PropertyNotWritable'],
    [{ Links: {} }, 'PropertyNotWritable'],
    [{ AssetTag: 7 }, 'PropertyValueTypeError'],
    [{ AssetTag: 'x', Nonsense: 1 }, 'PropertyUnknown'],
    [{}, 'NoOperation'],
  ])('a PATCH of %j is refused with %s and changes nothing', async (body, id) => {
    const before = lab.bmc.resource(SYSTEM);
    expect(reasonOf(await send('PATCH', SYSTEM, body))).toEqual([400, id]);
    expect(lab.bmc.resource(SYSTEM)).toEqual(before);
  });

  it('root, collections and sessions take no PATCH, and say what they take', async () => {
    const { headers } = await call(lab.bmc, 'POST', SESSIONS, {
      body: { UserName: lab.bmc.username, Password: lab.bmc.password },
    });
    const session = String(headers['location']);
    expect((await get(session)).headers['allow']).toBe('GET, HEAD, DELETE');
    for (const path of ['/redfish/v1/', SYSTEMS, session]) {
      expect((await send('PATCH', path, { Name: 'x' })).status).toBe(405);
    }
  });

  it.each([
    [{ ResetType: 'PowerCycle' }, 204, ''],
    [{ ResetType: 'Nmi' }, 204, ''],
    [{ ResetType: 'Explode' }, 400, 'ActionParameterValueFormatError'],
    [{ ResetType: 1 }, 400, 'ActionParameterValueFormatError'],
    [{}, 400, 'ActionParameterMissing'],
    [{ ResetType: 'On', Delay: 1 }, 400, 'ActionParameterUnknown'],
  ])('a reset with %j is answered %i %s', async (body, status, id) => {
    expect(reasonOf(await send('POST', RESET, body))).toEqual([status, id]);
  });

  it('a reset takes exactly what the action or its ActionInfo publishes', async () => {
    const inline = (await get(SYSTEM)).raw.toString();
    expect(inline).toContain('"ResetType@Redfish.AllowableValues":["On","ForceOff"');
    const bmc = await startBmc({ profile: 'openbmc' });
    const path = `${SYSTEMS}/system`;
    const system = await call(bmc, 'GET', path);
    const info = await call(bmc, 'GET', `${path}/ResetActionInfo`);
    const post = (ResetType: string) =>
      call(bmc, 'POST', `${path}/Actions/ComputerSystem.Reset`, { body: { ResetType } });
    const statuses = [(await post('Nmi')).status, (await post('Explode')).status];
    await bmc.close();
    expect(system.raw.toString()).not.toContain('AllowableValues":["On"');
    expect(info.body['Parameters']).toMatchObject([{ Name: 'ResetType', Required: true }]);
    expect(statuses).toEqual([204, 400]);
  });

  it.each([
    [{ Protocol: 'FTP' }, 'PropertyValueNotInList'],
    [{ Nonsense: 1 }, 'PropertyUnknown'],
    [{ EventTypes: 'Alert' }, 'PropertyValueTypeError'],
    [{ VerifyCertificate: 'no' }, 'PropertyValueTypeError'],
    [{ Destination: 7 }, 'PropertyValueTypeError'],
    [{ Destination: 'not a URI' }, 'PropertyValueFormatError'],
  ])('a subscription with %j is refused with %s', async (fields, id) => {
    expect(reasonOf(await send('POST', SUBSCRIPTIONS, { ...BODY, ...fields }))).toEqual([400, id]);
    expect(lab.bmc.subscriptions).toEqual([]);
  });

  it('the Members of a collection take a POST, too', async () => {
    expect((await send('POST', `${SUBSCRIPTIONS}/Members`, BODY)).status).toBe(201);
  });

  it.each([
    [{ UserName: 'admin' }, 400],
    [{ Password: 'x' }, 400],
    [{ UserName: 'admin', Password: 7 }, 400],
    [{ UserName: 'admin', Password: 'wrong' }, 401],
  ])('a login with %j is answered %i', async (body, status) => {
    const reply = await call(lab.bmc, 'POST', SESSIONS, { as: 'none', body });
    expect(reply.status).toBe(status);
    if (status === 401) expect(reply.headers['www-authenticate']).toMatch(/^Basic realm=/);
  });

  it('metadata and service document need no credentials', async () => {
    const metadata = await call(lab.bmc, 'GET', '/redfish/v1/$metadata', { as: 'none' });
    expect([metadata.status, metadata.headers['content-type']]).toEqual([200, 'application/xml']);
    expect(metadata.raw.toString()).toContain('<edmx:Include Namespace="ComputerSystem.v1_14_0"/>');
    const document = await call(lab.bmc, 'GET', '/redfish/v1/odata', { as: 'none' });
    expect(document.body['value']).toContainEqual({ name: 'Systems', kind: 'Singleton', url: SYSTEMS });
    expect((await call(lab.bmc, 'GET', SYSTEM, { as: 'none' })).headers['www-authenticate']).toBeDefined();
  });

  it.each([
    ['4.0', 200],
    ['4.1', 412],
  ])('OData-Version %s is answered %i', async (version, status) => {
    expect((await get(SYSTEM, { 'OData-Version': version })).status).toBe(status);
  });

  it('a collection of log entries contains them, without $expand', async () => {
    const { body } = await get('/redfish/v1/Managers/BMC/LogServices/SEL/Entries');
    expect(body['Members']).toContainEqual(
      expect.objectContaining({ Id: '2', EntryType: 'Event', MessageId: 'Environmental.1.0.FanFailed' }),
    );
  });

  it('elements of Power have a place, and the information about an action cannot be changed', async () => {
    const bmc = await startBmc({ profile: 'supermicro-x13' });
    try {
      const power = await call(bmc, 'GET', '/redfish/v1/Chassis/1/Power');
      expect(power.body['PowerSupplies']).toMatchObject([
        { '@odata.id': '/redfish/v1/Chassis/1/Power#/PowerSupplies/0', MemberId: '0' },
      ]);
      const info = '/redfish/v1/Systems/1/ResetActionInfo';
      expect((await call(bmc, 'GET', info)).headers['allow']).toBe('GET, HEAD');
      expect((await call(bmc, 'PATCH', info, { body: { Name: 'x' } })).status).toBe(405);
    } finally {
      await bmc.close();
    }
  });

  it('a resource links its schema', async () => {
    expect((await get(SYSTEM)).headers['link']).toBe(
      '<http://redfish.dmtf.org/schemas/v1/ComputerSystem.v1_14_0.json>; rel=describedby',
    );
  });

  it.each([
    ['$select=PowerState,Boot/BootSourceOverrideTarget', 200],
    ['$filter=PowerState eq On', 501],
    ['$nonsense=1', 501],
    ['nonsense=1', 200],
    ['$top=x', 400],
    ['$skip=-1', 400],
    ['$expand=everything', 400],
    ['$expand=.($levels=9)', 400],
  ])('the query %s is answered %i', async (query, status) => {
    expect((await get(`${SYSTEM}?${query}`)).status).toBe(status);
  });

  it('$select shows what was asked for and what every resource has', async () => {
    const { body } = await get(`${SYSTEM}?$select=PowerState,Boot/BootSourceOverrideTarget`);
    expect(Object.keys(body).sort()).toEqual([
      '@odata.etag',
      '@odata.id',
      '@odata.type',
      'Boot',
      'PowerState',
    ]);
    expect(body['Boot']).toEqual({ BootSourceOverrideTarget: 'None' });
  });

  it('$expand shows linked resources in place of links, also on single resources', async () => {
    const manager = '/redfish/v1/Managers/BMC';
    const noLinks = (await get(`${manager}?$expand=.`)).body;
    expect(noLinks).toMatchObject({
      VirtualMedia: { Members: [{}, {}] },
      Links: { ManagerForServers: [{ '@odata.id': SYSTEM }] },
    });
    const links = (await get(`${manager}?$expand=~`)).body;
    expect(links).toMatchObject({ Links: { ManagerForServers: [{ Id: '1' }] } });
    expect(links['VirtualMedia']).toEqual({ '@odata.id': `${manager}/VirtualMedia` });
    const all = (await get(`${SYSTEMS}?$expand=*`)).body;
    expect(all['Members']).toMatchObject([{ Id: '1' }]);
  });

  it('unknown verbs are 501, and verbs that the resource lacks 405', async () => {
    expect(await statusLine('BREW /redfish/v1/ HTTP/1.1')).toBe('HTTP/1.1 501 Not Implemented');
    expect(await statusLine('GET /redfish/v1/ NONSENSE')).toMatch(/^HTTP\/1\.1 400/);
    expect((await call(lab.bmc, 'PUT', SYSTEM, { body: {} })).status).toBe(405);
  });

  function statusLine(line: string): Promise<string> {
    const { hostname, port } = new URL(lab.bmc.url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write(`${line}\r\nHost: bmc\r\n\r\n`));
      socket.once('error', reject);
      socket.once('data', (chunk: Buffer) => {
        socket.destroy();
        resolve(chunk.toString().split('\r\n')[0] ?? '');
      });
    });
  }

  it.each([
    [{ Image: 'no address' }, 400],
    [{ Image: 'https://images.example/a.iso', WriteProtected: 'yes' }, 400],
    [{ Image: 'nas.example:/share/a.iso' }, 204],
    [{ Image: 'https://images.example/a.iso', WriteProtected: false }, 204],
  ])('InsertMedia with %j is answered %i', async (body, status) => {
    const medium = '/redfish/v1/Managers/BMC/VirtualMedia/CD1';
    const reply = await send('POST', `${medium}/Actions/VirtualMedia.InsertMedia`, body);
    expect(reply.status).toBe(status);
    expect((await get(medium)).body).toMatchObject({
      Inserted: status === 204,
      WriteProtected: !('WriteProtected' in body) || status !== 204,
    });
  });
});
