import { type EjectBehaviour, type EtagBehaviour } from '@ferrule/bmc-simulator';
import { BadArguments, failureOf, NODE } from '../../test/bench.js';
import { bench, bmc, start } from '../../test/started.js';
import { eject, mounted } from './media.spec-support.js';

describe('an eject', () => {
  const done: EjectBehaviour[] = [
    'needs-empty-object',
    '415',
    'patch-if-match',
    'absent-unless-inserted',
    'no-target',
    'no-target-but-patch',
    'empty-target-but-patch',
    '202-task',
    '500-but-done',
  ];
  it.each(done)('succeeds at a BMC with %s', async (how) => {
    await start({ misbehave: { eject: how } });
    const [{ id = '' } = {}] = bmc.media;
    bmc.insert(id, 'https://user:planted@192.0.2.1/boot.iso?signature=planted');
    const slots = await eject();
    expect(slots).toHaveLength(bmc.media.length);
    expect(slots[0]).toMatchObject({ slot: id, was_inserted: true, ejected: true });
    expect(slots[0]?.image).toBe('https://192.0.2.1/boot.iso');
    expect(slots[1]).toMatchObject({ was_inserted: false, ejected: false, image: null });
    expect(mounted()).toEqual([]);
  });

  const refused: EjectBehaviour[] = ['500-swallowed', '403', '409', '204-but-mounted'];
  it.each(refused)('fails at a BMC with %s, naming the slots', async (how) => {
    await start({ misbehave: { eject: how } });
    bmc.media.forEach(({ path }) => bmc.insert(path));
    const failure = await failureOf(eject());
    expect(failure).toMatchObject({ code: 'RedfishError', status: 500, failure: 'refused' });
    expect(failure.message).toContain(`Failed to eject virtual media on node ${NODE}`);
    for (const { id, path } of bmc.media) expect(failure.message).toContain(`${id} (${path})`);
    expect(mounted()).toHaveLength(bmc.media.length);
  });

  it('leaves an empty medium alone', async () => {
    await start();
    expect((await eject()).map(({ ejected }) => ejected)).toEqual(bmc.media.map(() => false));
    expect(bmc.requests.filter(({ method }) => method !== 'GET').map(({ path }) => path)).toEqual([
      expect.stringContaining('Sessions'),
    ]);
  });

  it.each(['no-target-but-patch', 'empty-target-but-patch'] as const)(
    'tries the standard path of an action and then PATCH at a BMC with %s',
    async (how) => {
      await start({ misbehave: { eject: how } });
      const [{ id = '', path = '' } = {}] = bmc.media;
      bmc.insert(id);
      await eject();
      const sent = bmc.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('Session'));
      expect(sent.map(({ method, path, body }) => [method, path, body])).toEqual([
        ['POST', `${path}/Actions/VirtualMedia.EjectMedia`, undefined],
        ['PATCH', path, { Image: null, Inserted: false }],
      ]);
    },
  );

  it.each([
    ['done', 'after-effect', [1, { ejected: true }]],
    ['not done, and sends it again', 'before-effect', [2, { ejected: true }]],
  ] as const)(
    'looks at the slot when the connection closes without an answer: %s',
    async (_what, when, shown) => {
      await start({ misbehave: { resetOnce: { when, method: 'POST', path: 'EjectMedia' } } });
      const [{ id = '' } = {}] = bmc.media;
      bmc.insert(id);
      const [slot] = await eject();
      const posts = bmc.requests.filter(({ path }) => path.includes('EjectMedia'));
      expect([posts.length, slot]).toMatchObject(shown);
      expect(mounted()).toEqual([]);
    },
  );

  it('sends nothing to empty slots that say they are inserted', async () => {
    await start({ misbehave: { emptyMediaInserted: true } });
    const [{ id = '' } = {}] = bmc.media;
    bmc.insert(id);
    expect((await eject()).map(({ ejected }) => ejected)).toEqual([true, false]);
    expect(bmc.requests.filter(({ path }) => path.includes('EjectMedia'))).toHaveLength(1);
  });

  it('remembers which body the actions of a BMC require', async () => {
    await start({ misbehave: { eject: '415' } });
    const [{ id = '' } = {}] = bmc.media;
    for (const posts of [2, 1]) {
      bmc.insert(id);
      bmc.forget();
      await eject();
      expect(bmc.requests.filter(({ path }) => path.includes('EjectMedia'))).toHaveLength(posts);
    }
  });

  it('reports how far it is', async () => {
    await start();
    bmc.media.forEach(({ path }) => bmc.insert(path));
    await eject();
    expect(bench.progress.map(({ message }) => message)).toEqual(bmc.media.map(({ id }) => `Ejecting ${id}`));
  });

  it('waits for a BMC that is not ready', async () => {
    await start({
      misbehave: {
        notReady: { kind: 'sys518', times: 2, method: 'POST', path: 'EjectMedia', retryAfter: 0 },
      },
    });
    const [{ id = '' } = {}] = bmc.media;
    bmc.insert(id);
    expect(await eject()).toContainEqual(expect.objectContaining({ slot: id, ejected: true }));
  });

  const etags: EtagBehaviour[] = [
    'weak',
    'weak-refused',
    'doubly-quoted',
    'body-only',
    'header-only',
    'refuses-any',
    'requires',
    'none',
  ];
  it.each(etags)('by PATCH works with ETags that are %s', async (etag) => {
    await start({ profile: 'lenovo-xcc', misbehave: { etag, etagChanges: etag === 'weak' ? 1 : undefined } });
    bmc.insert('EXT1');
    await eject();
    expect(mounted()).toEqual([]);
  });
});

describe('boot_device', () => {
  it.each(['cd', 'CD', 'Cd '])('%j ejects only media that may hold a CD', async (device) => {
    await start({ profile: 'hpe-ilo5' });
    bmc.media.forEach(({ path }) => bmc.insert(path));
    expect((await eject(device)).map(({ media_types }) => media_types)).toEqual([['CD', 'DVD']]);
    expect(mounted()).toEqual(['1']);
  });

  it.each(['', null])('%j means all', async (device) => {
    await start({ profile: 'hpe-ilo5' });
    bmc.media.forEach(({ path }) => bmc.insert(path));
    await eject(device);
    expect(mounted()).toEqual([]);
  });

  it('cd takes a slot that only says DVD', async () => {
    await start({ misbehave: { mediaTypes: ['DVD'] } });
    bmc.media.forEach(({ path }) => bmc.insert(path));
    await eject('cd');
    expect(mounted()).toEqual([]);
  });

  it('is guessed from the name of a slot without MediaTypes (AMI)', async () => {
    await start({ profile: 'ami' });
    bmc.insert('CD1');
    expect(await failureOf(eject('floppy'))).toMatchObject({ status: 400 });
    expect(await eject('cd')).toMatchObject([{ slot: 'CD1', ejected: true }]);
  });

  it('that no slot has is refused, and the error lists the present ones', async () => {
    await start({ misbehave: { mediaTypes: ['CD'] } });
    const failure = await failureOf(eject('usb'));
    expect(failure).toMatchObject({ code: 'InvalidParameterValue', status: 400 });
    expect(failure.message).toContain('its virtual media are CD');
  });

  it.each(['disk', 'cdrom', '__proto__', 'constructor'])(
    '%j is refused before any traffic',
    async (device) => {
      await start();
      const failure = await failureOf(eject(device));
      expect(failure).toBeInstanceOf(BadArguments);
      expect(failure.message).toContain(`Boot device ${device} is not a valid value`);
      expect(bmc.requests).toEqual([]);
    },
  );
});
