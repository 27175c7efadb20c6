import { startBmc } from '@ferrule/bmc-simulator';
import { clientOf, failureOf, quickClients, useBmc } from '../../bmc.spec-support.js';
import { VirtualMedia } from '../../index.js';

const IMAGE = 'https://images.example/boot.iso';
const CD = '/redfish/v1/Managers/BMC/VirtualMedia/CD1';
const PATIENCE = { looks: 3, interval: 5 };

const lab = useBmc();
const media = () => new VirtualMedia(lab.client);
const insert = (more = {}) => media().insert({ image: IMAGE, ...more }, { patience: PATIENCE });
const eject = (mediaTypes?: readonly string[]) => media().eject({ mediaTypes, patience: PATIENCE });
const sent = () =>
  lab.bmc.requests
    .filter(({ method, path }) => method !== 'GET' && !path.includes('Session'))
    .map(({ method, path }) => `${method} ${path}`);

describe('VirtualMedia', () => {
  it('lists the slots', async () => {
    lab.bmc.insert('USB1', 'https://user:planted@images.example/x.img?token=planted');
    const { media: slots, unread } = await media().list();
    expect(unread).toEqual([]);
    expect(
      slots.map(({ slot, mediaTypes, isInserted, image, isInsertable }) => [
        slot,
        mediaTypes,
        isInserted,
        image,
        isInsertable,
      ]),
    ).toEqual([
      ['CD1', ['CD', 'DVD'], false, null, true],
      ['USB1', ['USBStick', 'Floppy'], true, 'https://images.example/x.img', true],
    ]);
  });

  it('inserts, once, and ejects', async () => {
    expect(await insert()).toMatchObject({ slot: 'CD1', image: IMAGE, isInserted: true });
    expect(await insert()).toMatchObject({ slot: 'CD1' });
    const { ejections } = await eject(['CD']);
    expect(ejections).toMatchObject([{ wasInserted: true, medium: { slot: 'CD1' } }]);
    expect(ejections[0]).not.toHaveProperty('failure');
    expect(sent()).toEqual([
      `POST ${CD}/Actions/VirtualMedia.InsertMedia`,
      `POST ${CD}/Actions/VirtualMedia.EjectMedia`,
    ]);
    expect(lab.bmc.media.filter(({ inserted }) => inserted)).toEqual([]);
  });

  it.each([
    [{ slot: 'none' }, { property: 'slot' }],
    [{ mediaTypes: ['Tape'] }, { property: 'mediaTypes' }],
  ])('names the slots for %j, of which there is none', async (wanted, failure) => {
    const allowed = ['CD1 (CD, DVD)', 'USB1 (USBStick, Floppy)'];
    expect(await failureOf(insert(wanted))).toMatchObject({ code: 'argument', allowed, ...failure });
    expect(await failureOf(eject(['Tape']))).toMatchObject({
      code: 'argument',
      allowed: ['CD', 'DVD', 'USBStick', 'Floppy'],
    });
    expect(sent()).toEqual([]);
  });

  it('does not replace another image', async () => {
    lab.bmc.insert('CD1', 'https://images.example/other.iso');
    expect(await failureOf(insert())).toMatchObject({
      code: 'conflict',
      status: undefined,
      message: expect.stringContaining('CD1 holds https://images.example/other.iso'),
    });
    expect(sent()).toEqual([]);
  });

  it.each([
    ['boot.iso', false],
    ['https://images.example/boot.iso', true],
    ['https://mirror.example/boot.iso', false],
    ['//images.example/boot.iso', true],
    ['\\\\images.example\\boot.iso', true],
    ['images.example:/boot.iso', true],
    ['//mirror.example/boot.iso', false],
    ['/boot.iso', false],
  ])('takes a medium that is shown as %s for the wanted image: %s', async (shown, isSame) => {
    lab.bmc.insert('CD1', IMAGE);
    lab.bmc.change(CD, { Image: shown });
    const done = insert().then(
      () => true,
      ({ code }: { code: string }) => code !== 'conflict',
    );
    expect(await done).toBe(isSame);
    expect(sent()).toEqual([]);
  });

  it('tells that the BMC reported success and did nothing', async () => {
    lab.bmc.misbehave({ insert: '204-but-empty', eject: '204-but-mounted' });
    expect(await failureOf(insert())).toMatchObject({ code: 'not-done' });
    lab.bmc.insert('CD1', IMAGE);
    expect(await eject()).toMatchObject({
      ejections: [{ failure: { code: 'not-done' } }, { wasInserted: false }],
    });
  });

  it('does not take a slot for empty that is not shown any more, where the BMC refuses to eject', async () => {
    lab.bmc.insert('CD1', IMAGE);
    lab.bmc.misbehave({ html400: { path: CD, after: 1 } });
    expect(await eject(['CD'])).toMatchObject({ ejections: [{ failure: { code: 'validation' } }] });
    expect(lab.bmc.media.filter(({ inserted }) => inserted)).toHaveLength(1);
  });

  it('does not repeat the signature of an image that the BMC quotes in its refusal', async () => {
    const error = await failureOf(insert({ image: 'gopher://images.example/an image?sig=planted' }));
    expect(String(error)).toMatch(/gopher:\/\/images.example\/an image\?\*\*\*/);
    expect(JSON.stringify([String(error), error])).not.toContain('planted');
  });

  it('inserts by PATCH where the action has no target', async () => {
    lab.bmc.misbehave({ eject: 'no-target-but-patch' });
    await insert();
    expect(sent()).toEqual([`PATCH ${CD}`]);
  });

  it('cannot insert where neither is offered', async () => {
    lab.bmc.change(CD, { Actions: null });
    expect(await failureOf(insert())).toMatchObject({
      code: 'unsupported',
      status: undefined,
      cause: { message: expect.stringContaining('neither an action to insert a medium nor PATCH') },
    });
  });

  it.each([
    ['offers an action', {}, true],
    ['offers an action without target, and PATCH', { eject: 'no-target-but-patch' } as const, undefined],
    ['offers neither', { insertNotOffered: true }, false],
  ])('tells whether a slot that %s can be inserted', async (_what, misbehaviours, isInsertable) => {
    lab.bmc.misbehave(misbehaviours);
    const [slot] = (await media().list()).media;
    expect(slot).toMatchObject({ isInsertable });
  });
});

describe('VirtualMedia of an XCC', () => {
  it('lists each device once, and takes only those of EXT for insertable', async () => {
    const bmc = await startBmc({ profile: 'lenovo-xcc' });
    const pool = quickClients();
    try {
      const { media } = await new VirtualMedia(clientOf(pool, bmc)).list();
      expect(media.map(({ slot, isInsertable }) => [slot, isInsertable])).toEqual([
        ...['EXT1', 'EXT2', 'EXT3', 'EXT4'].map((slot) => [slot, true]),
        ...['Remote1', 'Remote2', 'Remote3', 'Remote4', 'RDOC1', 'RDOC2'].map((slot) => [slot, false]),
      ]);
    } finally {
      await pool.close();
      await bmc.close();
    }
  });
});
