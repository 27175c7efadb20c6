import { type BmcServer, startBmc } from '../server/bmc-server.js';
import { type ProfileName } from '../profiles/index.js';
import { call } from '../client.spec-support.js';

const CD = '/redfish/v1/Managers/BMC/VirtualMedia/CD1';
const IMAGE = 'http://192.0.2.1/boot.iso';

describe('an image in virtual media', () => {
  let bmc: BmcServer;
  const start = async (profile: ProfileName): Promise<void> => {
    bmc = await startBmc({ profile });
  };
  const mounted = (): string[] => bmc.media.filter(({ inserted }) => inserted).map(({ path }) => path);
  afterEach(() => bmc.close());

  it.each([
    ['needs-protocol', { TransferProtocolType: 'HTTP' }],
    ['needs-method', { TransferMethod: 'Stream' }],
    ['needs-credentials', { UserName: 'none', Password: 'none' }],
  ] as const)('insert %s', async (how, more) => {
    await start('generic');
    bmc.misbehave({ insert: how });
    const target = `${CD}/Actions/VirtualMedia.InsertMedia`;
    const refused = await call(bmc, 'POST', target, { body: { Image: IMAGE } });
    expect([refused.status, refused.raw.includes(Object.keys(more)[0] ?? '')]).toEqual([400, true]);
    expect((await call(bmc, 'POST', target, { body: { Image: IMAGE, ...more } })).status).toBe(204);
    expect(mounted()).toEqual([CD]);
  });

  it.each([
    ['202-task', 202, []],
    ['403', 403, []],
    ['500-but-done', 500, [CD]],
    ['204-but-empty', 204, []],
  ] as const)('insert %s', async (how, status, left) => {
    await start('generic');
    bmc.misbehave({ insert: how });
    const target = `${CD}/Actions/VirtualMedia.InsertMedia`;
    expect((await call(bmc, 'POST', target, { body: { Image: IMAGE } })).status).toBe(status);
    expect(mounted()).toEqual(left);
  });

  it.each([{ Inserted: 'yes' }, { Image: 1 }, { WriteProtected: 0 }, { Surplus: 1 }])(
    'refuse the PATCH %j',
    async (body) => {
      await start('generic');
      bmc.misbehave({ eject: 'no-target-but-patch' });
      expect((await call(bmc, 'PATCH', CD, { body })).status).toBe(400);
      expect(mounted()).toEqual([]);
    },
  );

  it('offer neither action where only PATCH works, which sets WriteProtected, too', async () => {
    await start('generic');
    bmc.misbehave({ eject: 'no-target-but-patch' });
    const { body } = await call(bmc, 'GET', CD);
    expect(body['Actions']).toEqual({ '#VirtualMedia.EjectMedia': {}, '#VirtualMedia.InsertMedia': {} });
    const insert = `${CD}/Actions/VirtualMedia.InsertMedia`;
    expect((await call(bmc, 'POST', insert, { body: { Image: IMAGE } })).status).toBe(404);
    const set = { Image: IMAGE, WriteProtected: false };
    expect((await call(bmc, 'PATCH', CD, { body: set })).body).toMatchObject(set);
  });
});
