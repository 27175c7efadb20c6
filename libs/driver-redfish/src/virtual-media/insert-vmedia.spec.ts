import { type Misbehaviours } from '@ferrule/bmc-simulator';
import { BadArguments, failureOf, NODE } from '../../test/bench.js';
import { bench, bmc, start } from '../../test/started.js';

const IMAGE = 'https://images.example/boot.iso';
const CD = '/redfish/v1/Managers/BMC/VirtualMedia/CD1';

const insert = (more = {}) => bench.ask('insert_vmedia', { image: IMAGE, ...more });
const sent = () =>
  bmc.requests
    .filter(({ method, path }) => method !== 'GET' && !path.includes('Session'))
    .map(({ method, path, body }) => [method, path, body]);
const mounted = () => bmc.media.filter(({ inserted }) => inserted).map(({ id, image }) => [id, image]);

describe('insert_vmedia', () => {
  it('inserts into the first slot for a CD, and then needs no request', async () => {
    await start();
    expect(await insert()).toEqual({
      slot: 'CD1',
      path: CD,
      media_types: ['CD', 'DVD'],
      inserted: true,
      image: IMAGE,
      write_protected: true,
      insertable: true,
    });
    expect(sent()).toEqual([['POST', `${CD}/Actions/VirtualMedia.InsertMedia`, { Image: IMAGE }]]);
    bmc.forget();
    expect(await insert()).toMatchObject({ slot: 'CD1', inserted: true });
    expect(sent()).toEqual([]);
  });

  it.each([
    { boot_device: 'usb' },
    { boot_device: 'Floppy' },
    { slot: 'USB1' },
    { slot: CD.replace('CD1', 'USB1') },
  ])('inserts into the slot of %j', async (more) => {
    await start();
    await insert({ ...more, write_protected: false, username: 'u', password: 'planted' });
    expect(mounted()).toEqual([['USB1', IMAGE]]);
    expect(sent()).toMatchObject([
      [
        'POST',
        expect.any(String),
        { Image: IMAGE, WriteProtected: false, UserName: 'u', Password: 'planted' },
      ],
    ]);
  });

  it('looks at the slot when the answer is lost, and sends nothing again that was done', async () => {
    await start({ misbehave: { resetOnce: { when: 'after-effect', method: 'POST', path: 'InsertMedia' } } });
    expect(await insert()).toMatchObject({ slot: 'CD1', inserted: true });
    expect(sent()).toHaveLength(1);
  });

  it('is in doubt if the answer is lost and the slot cannot be read afterwards', async () => {
    await start();
    bmc.onAnswer(({ path }) => {
      if (path.endsWith('InsertMedia')) bmc.misbehave({ html400: { method: 'GET', path: CD } });
    });
    bmc.misbehave({ resetOnce: { when: 'after-effect', method: 'POST', path: 'InsertMedia' } });
    expect(await failureOf(insert())).toMatchObject({ code: 'OutcomeUnknown' });
    expect(sent()).toHaveLength(1);
  });

  it.each<[NonNullable<Misbehaviours['insert']>, object]>([
    ['needs-protocol', { TransferProtocolType: 'HTTPS' }],
    ['needs-method', { TransferMethod: 'Stream' }],
    ['needs-credentials', { UserName: 'none', Password: 'none' }],
  ])('adds what a BMC misses: %s', async (how, added) => {
    await start({ misbehave: { insert: how } });
    await insert();
    expect(mounted()).toEqual([['CD1', IMAGE]]);
    expect(sent().at(-1)).toEqual(['POST', expect.any(String), { Image: IMAGE, ...added }]);
  });

  it.each(['202-task', '500-but-done'] as const)('succeeds at a BMC with %s', async (how) => {
    await start({ misbehave: { insert: how } });
    expect(await insert()).toMatchObject({ slot: 'CD1', inserted: true });
    expect(sent()).toHaveLength(1);
  });

  it.each([
    ['403', 'answered 403'],
    ['204-but-empty', 'does not show the image'],
  ] as const)('fails at a BMC with %s', async (how, text) => {
    await start({ misbehave: { insert: how } });
    const failure = await failureOf(insert({ username: 'u', password: 'planted' }));
    expect(failure).toMatchObject({ code: 'RedfishError', status: 500 });
    expect(failure.message).toContain(text);
    expect(failure.message).not.toContain('planted');
    expect(mounted()).toEqual([]);
  });

  it('inserts by PATCH where there is no action, and passes over slots that cannot be written', async () => {
    await start({ profile: 'lenovo-xcc' });
    for (const slot of ['EXT1', 'EXT2', 'EXT3', 'EXT4']) bmc.insert(slot);
    const failure = await failureOf(insert());
    expect(failure.message).toContain(`node ${NODE}: no slot can be inserted`);
    await bench.call('eject_vmedia', {});
    bmc.forget();
    expect(await insert()).toMatchObject({ slot: 'EXT1', inserted: true });
    expect(sent()).toEqual([
      ['PATCH', expect.stringContaining('EXT1'), { Image: IMAGE, Inserted: true, WriteProtected: true }],
    ]);
  });

  it.each(['no-target-but-patch', 'empty-target-but-patch'] as const)(
    'sends PATCH and nothing else to a BMC whose action has no target (%s)',
    async (eject) => {
      await start({ misbehave: { eject } });
      expect(await insert()).toMatchObject({ slot: 'CD1', inserted: true });
      expect(sent()).toEqual([['PATCH', CD, { Image: IMAGE, Inserted: true, WriteProtected: true }]]);
    },
  );

  it('passes over slots that do not offer it, and says so where none does', async () => {
    await start({ profile: 'dell-idrac9', misbehave: { insertNotOffered: ['1', 'CD'] } });
    expect(await insert()).toMatchObject({ slot: '2', inserted: true });
    expect(sent()).toEqual([
      ['POST', expect.stringContaining('/2/Actions/VirtualMedia.InsertMedia'), expect.anything()],
    ]);
    await bench.call('eject_vmedia', {});
    bmc.misbehave({ insertNotOffered: true });
    bmc.forget();
    expect((await failureOf(insert())).message).toContain(`node ${NODE}: no slot can be inserted`);
    expect(sent()).toEqual([]);
  });

  it('does not replace another image', async () => {
    await start();
    bmc.insert('CD1', 'https://images.example/other.img');
    const failure = await failureOf(insert());
    expect(failure).toMatchObject({ status: 409 });
    expect(failure.message).toContain('CD1 holds https://images.example/other.img');
    expect(sent()).toEqual([]);
  });

  it('names the slots if there is none for the device', async () => {
    await start({ misbehave: { mediaTypes: ['CD'] } });
    const failure = await failureOf(insert({ boot_device: 'usb' }));
    expect(failure).toMatchObject({ status: 400, message: expect.stringContaining('CD1 (CD); USB1 (CD)') });
    expect((await failureOf(insert({ slot: 'none' }))).message).toContain('has no slot none');
  });

  it.each([
    { image: 'ftp://x/y' },
    { image: 'https://me:planted@x/y.iso' },
    { image: 'https://x/ y' },
    { image: '' },
    { boot_device: 'zip' },
    { slot: '' },
    { surplus: 1 },
    { password: 'planted' },
  ])('refuses %j', async (wrong) => {
    await start();
    const failure = await failureOf(insert(wrong));
    expect(failure).toBeInstanceOf(BadArguments);
    expect(failure.message).not.toContain('planted');
    expect(bmc.requests).toEqual([]);
  });
});

describe('get_vmedia', () => {
  it('shows every slot, and no secret of an image', async () => {
    await start();
    bmc.insert('USB1', 'https://user:planted@images.example/x.img?token=planted');
    expect(await bench.ask('get_vmedia')).toMatchObject({
      slots: [
        { slot: 'CD1', inserted: false, image: null, insertable: true },
        { slot: 'USB1', inserted: true, image: 'https://images.example/x.img' },
      ],
    });
  });

  it('tells which slots cannot be read', async () => {
    await start({ misbehave: { deadMedium: 500 } });
    expect(await bench.ask('get_vmedia')).toMatchObject({
      slots: [{ slot: 'CD1' }, { slot: 'USB1' }],
      unread: [{ path: expect.stringMatching(/Dead$/), error: expect.stringContaining('answered 500') }],
    });
  });
});
