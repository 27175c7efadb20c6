import { type BmcServer, startBmc } from '../server/bmc-server.js';
import { isJsonObject, childObject, type Json, linkOf, linksOf } from '../tree/json.js';
import { type EjectBehaviour } from '../misbehaviours/media-faults.js';
import { type ProfileName } from '../profiles/index.js';
import { call, type Reply } from '../client.spec-support.js';

const CD = '/redfish/v1/Managers/BMC/VirtualMedia/CD1';
const IMAGE = 'http://192.0.2.1/boot.iso';

describe('virtual media', () => {
  let bmc: BmcServer;
  const start = async (profile: ProfileName): Promise<void> => {
    bmc = await startBmc({ profile });
  };
  const eject = (path: string, body?: Json): Promise<Reply> =>
    call(bmc, 'POST', `${path}/Actions/VirtualMedia.EjectMedia`, body === undefined ? {} : { body });
  const offered = async (path: string): Promise<string[]> =>
    Object.keys(childObject((await call(bmc, 'GET', path)).body, 'Actions'));
  const mounted = (): string[] => bmc.media.filter(({ inserted }) => inserted).map(({ path }) => path);
  afterEach(() => bmc.close());

  it('are inserted and ejected by actions', async () => {
    await start('generic');
    const insert = `${CD}/Actions/VirtualMedia.InsertMedia`;
    expect((await call(bmc, 'POST', insert, { body: { Image: IMAGE } })).status).toBe(204);
    expect((await call(bmc, 'GET', CD)).body).toMatchObject({
      Inserted: true,
      Image: IMAGE,
      ImageName: 'boot.iso',
    });
    expect((await call(bmc, 'POST', insert, { body: { Image: IMAGE } })).status).toBe(409);
    expect((await call(bmc, 'POST', insert, { body: {} })).status).toBe(400);
    expect((await eject(CD)).status).toBe(204);
    expect((await call(bmc, 'GET', CD)).body).toMatchObject({
      Inserted: false,
      Image: null,
      ConnectedVia: 'NotConnected',
    });
  });

  it('are found by path, by Id and by the end of the path', async () => {
    await start('dell-idrac9');
    bmc.insert('CD');
    bmc.insert('VirtualMedia/2');
    bmc.insert('/redfish/v1/Systems/System.Embedded.1/VirtualMedia/1');
    expect(mounted()).toHaveLength(3);
    expect(() => bmc.insert('Floppy')).toThrow(/No medium Floppy/);
  });

  it('Dell has two collections and refuses to eject an empty medium', async () => {
    await start('dell-idrac9');
    expect(bmc.media.map(({ id }) => id).sort()).toEqual(['1', '2', 'CD', 'RemovableDisk']);
    const refused = await eject('/redfish/v1/Managers/iDRAC.Embedded.1/VirtualMedia/CD');
    expect([refused.status, refused.raw.includes('VRM0009')]).toEqual([400, true]);
  });

  it.each([
    ['hpe-ilo5', 400],
    ['hpe-ilo6', 415],
  ] as const)('%s answers an eject without a body with %i', async (profile, status) => {
    await start(profile);
    bmc.insert('2');
    const path = '/redfish/v1/Managers/1/VirtualMedia/2';
    expect((await eject(path)).status).toBe(status);
    expect(mounted()).toEqual([path]);
    expect((await eject(path, {})).status).toBe(204);
    expect(mounted()).toEqual([]);
  });

  it('Lenovo has no actions, requires If-Match, and has one device under two paths', async () => {
    await start('lenovo-xcc');
    bmc.insert('EXT1', IMAGE);
    const path = '/redfish/v1/Systems/1/VirtualMedia/EXT1';
    expect(mounted()).toEqual([path, '/redfish/v1/Managers/1/VirtualMedia/EXT1']);
    const medium = await call(bmc, 'GET', path);
    expect([medium.body['Actions'], medium.headers['allow']]).toEqual([undefined, 'GET, HEAD, PATCH']);
    const patch = (etag?: string): Promise<Reply> =>
      call(bmc, 'PATCH', path, {
        body: { Image: null, Inserted: false },
        headers: etag === undefined ? {} : { 'If-Match': etag },
      });
    expect((await patch()).status).toBe(428);
    expect((await patch('"stale"')).status).toBe(412);
    expect((await patch(String(medium.headers['etag']))).status).toBe(200);
    expect(mounted()).toEqual([]);
    const remote = '/redfish/v1/Systems/1/VirtualMedia/RDOC1';
    const etag = String((await call(bmc, 'GET', remote)).headers['etag']);
    const refused = await call(bmc, 'PATCH', remote, {
      body: { Image: IMAGE },
      headers: { 'If-Match': etag },
    });
    expect(refused.status).toBe(400);
  });

  it('X13 shares one collection, and offers Eject only for an inserted medium', async () => {
    await start('supermicro-x13');
    const system = await call(bmc, 'GET', '/redfish/v1/Systems/1');
    expect(linkOf(system.body['VirtualMedia'])).toBe('/redfish/v1/Managers/1/VirtualMedia');
    const path = '/redfish/v1/Managers/1/VirtualMedia/VirtualMedia1';
    expect(await offered(path)).toEqual(['#VirtualMedia.InsertMedia']);
    expect((await eject(path)).status).toBe(404);
    bmc.insert('VirtualMedia1', IMAGE);
    expect(await offered(path)).toContain('#VirtualMedia.EjectMedia');
    expect((await eject(path)).status).toBe(204);
    expect((await call(bmc, 'GET', path)).body).toMatchObject({
      Inserted: false,
      Image: null,
      ImageName: 'boot.iso',
    });
  });

  it('X10 has an empty collection, OpenBMC no Image in an empty medium, AMI no MediaTypes', async () => {
    await start('supermicro-x10');
    expect((await call(bmc, 'GET', '/redfish/v1/Managers/1/VM1')).body['Members']).toEqual([]);
    await bmc.close();
    await start('openbmc');
    expect((await call(bmc, 'GET', '/redfish/v1/Managers/bmc/VirtualMedia/USB1')).body).not.toHaveProperty(
      'Image',
    );
    await bmc.close();
    await start('ami');
    const medium = await call(bmc, 'GET', '/redfish/v1/Managers/Self/VirtualMedia/CD1');
    expect(medium.body).toMatchObject({ Image: 'None', Inserted: false });
    expect(medium.body).not.toHaveProperty('MediaTypes');
  });

  const ejects: [EjectBehaviour, number, number | undefined, number][] = [
    // behaviour, status without a body, status with {}, media left
    ['needs-empty-object', 400, 204, 0],
    ['415', 415, 204, 0],
    ['patch-if-match', 404, 404, 1],
    ['500-swallowed', 500, 500, 1],
    ['500-but-done', 500, undefined, 0],
    ['403', 403, 403, 1],
    ['409', 409, 409, 1],
    ['204-but-mounted', 204, 204, 1],
    ['absent-unless-inserted', 204, 404, 0],
    ['202-task', 202, 202, 1],
  ];
  it.each(ejects)('eject %s', async (behaviour, bare, withObject, left) => {
    await start('generic');
    bmc.insert('CD1', IMAGE);
    bmc.misbehave({ eject: behaviour });
    expect((await eject(CD)).status).toBe(bare);
    if (withObject !== undefined) {
      expect((await eject(CD, {})).status).toBe(withObject);
    }
    expect(mounted()).toHaveLength(left);
  });

  it('eject no-target leaves an action without a target', async () => {
    await start('generic');
    bmc.misbehave({ eject: 'no-target' });
    const medium = await call(bmc, 'GET', CD);
    expect(childObject(medium.body, 'Actions')).toMatchObject({ '#VirtualMedia.EjectMedia': {} });
    expect(medium.raw.toString()).not.toContain('CD1/Actions/VirtualMedia.EjectMedia');
  });

  it('eject patch-if-match takes a PATCH on any profile', async () => {
    await start('generic');
    bmc.insert('CD1', IMAGE);
    bmc.misbehave({ eject: 'patch-if-match', etag: 'requires' });
    const medium = await call(bmc, 'GET', CD);
    const headers = { 'If-Match': String(medium.headers['etag']) };
    expect((await call(bmc, 'PATCH', CD, { body: { Image: null, Inserted: false } })).status).toBe(428);
    expect((await call(bmc, 'PATCH', CD, { body: { Image: null, Inserted: false }, headers })).status).toBe(
      200,
    );
    expect(mounted()).toEqual([]);
  });

  it('sharedMedia, imageNameKept, mediaTypes and deadMedium', async () => {
    await start('generic');
    bmc.misbehave({ sharedMedia: true, imageNameKept: true, mediaTypes: ['DVD'], deadMedium: 405 });
    const system = await call(bmc, 'GET', '/redfish/v1/Systems/1');
    const collection = linkOf(system.body['VirtualMedia']) ?? '';
    const members = linksOf((await call(bmc, 'GET', collection)).body['Members']);
    expect(members).toEqual([CD, `${collection}/USB1`, `${collection}/Dead`]);
    expect((await call(bmc, 'GET', `${collection}/Dead`)).status).toBe(405);
    bmc.insert('CD1', IMAGE);
    await eject(CD);
    expect((await call(bmc, 'GET', CD)).body).toMatchObject({ ImageName: 'boot.iso', MediaTypes: ['DVD'] });
    bmc.misbehave({ mediaTypes: 'absent' });
    expect((await call(bmc, 'GET', CD)).body).not.toHaveProperty('MediaTypes');
  });

  it('a second System has a Manager without media', async () => {
    bmc = await startBmc({ hasSecondSystem: true });
    const systems = linksOf((await call(bmc, 'GET', '/redfish/v1/Systems')).body['Members']);
    expect(systems).toHaveLength(2);
    const second = await call(bmc, 'GET', systems[1] ?? '');
    const [manager = ''] = linksOf(childObject(second.body, 'Links')['ManagedBy']);
    const reply = await call(bmc, 'GET', manager);
    expect([reply.status, isJsonObject(reply.body['VirtualMedia'])]).toEqual([200, false]);
  });

  it.each([
    ['no-target-but-patch', {}],
    ['empty-target-but-patch', { target: '' }],
  ] as const)('%s', async (how, action) => {
    await start('generic');
    bmc.misbehave({ eject: how });
    bmc.insert(CD, IMAGE);
    expect((await call(bmc, 'GET', CD)).body).toMatchObject({
      Actions: { '#VirtualMedia.EjectMedia': action },
    });
    expect((await eject(CD)).status).toBe(404);
    expect((await call(bmc, 'PATCH', CD, { body: { Image: null, Inserted: false } })).status).toBe(200);
    expect(mounted()).toEqual([]);
  });

  it('emptyMediaInserted and deadManager', async () => {
    await start('generic');
    bmc.misbehave({ emptyMediaInserted: true, deadManager: 403 });
    expect((await call(bmc, 'GET', CD)).body).toMatchObject({ Inserted: true, Image: null });
    expect((await eject(CD)).status).toBe(400);
    expect((await call(bmc, 'GET', '/redfish/v1/Managers/BMC')).status).toBe(403);
  });
});
