import { type BmcServer, startBmc } from '../server/bmc-server.js';
import { type EtagBehaviour } from '../misbehaviours/etag-faults.js';
import { profileNames } from '../profiles/index.js';
import { call, type Reply } from '../client.spec-support.js';

const MANAGER = '/redfish/v1/Managers/BMC';

describe('ETags', () => {
  let bmc: BmcServer;
  const patch = (etag?: string): Promise<Reply> =>
    call(bmc, 'PATCH', MANAGER, {
      body: { DateTimeLocalOffset: '+01:00' },
      headers: etag === undefined ? {} : { 'If-Match': etag },
    });
  const told = async (): Promise<{ header: string | undefined; body: string | undefined }> => {
    const { headers, body } = await call(bmc, 'GET', MANAGER);
    const inBody = body['@odata.etag'];
    return {
      header: typeof headers['etag'] === 'string' ? headers['etag'] : undefined,
      body: typeof inBody === 'string' ? inBody : undefined,
    };
  };
  const start = async (etag?: EtagBehaviour): Promise<void> => {
    bmc = await startBmc({ misbehave: { etag } });
  };
  afterEach(() => bmc.close());

  it('change with the resource, and a stale one is 412', async () => {
    await start();
    const { header, body } = await told();
    expect([header, body]).toEqual([body, expect.stringMatching(/^"[0-9a-f]{16}"$/)]);
    expect((await patch(header)).status).toBe(200);
    expect((await told()).header).not.toBe(header);
    expect((await patch(header)).status).toBe(412);
    expect((await patch('*')).status).toBe(200);
    expect((await patch()).status).toBe(200);
  });

  const strong = (tag: string): string => tag.replace(/^W\//, '').replaceAll('""', '"');
  const cases: [EtagBehaviour, RegExp, number, number, number][] = [
    // behaviour, form, status with the ETag as sent, with a strong one, without
    ['weak', /^W\/"\w+"$/, 200, 412, 200],
    ['weak-refused', /^W\/"\w+"$/, 412, 200, 200],
    ['doubly-quoted', /^""\w+""$/, 412, 200, 428],
    ['body-only', /^"\w+"$/, 200, 412, 428],
    ['header-only', /^"\w+"$/, 200, 412, 428],
    ['requires', /^"\w+"$/, 200, 412, 428],
    ['refuses-any', /^"\w+"$/, 412, 412, 200],
  ];
  it.each(cases)('%s', async (behaviour, form, asTold, asStrong, without) => {
    await start(behaviour);
    const { header, body } = await told();
    const tag = header ?? body ?? '';
    expect(tag).toMatch(form);
    expect([header === undefined, body === undefined]).toEqual([
      behaviour === 'body-only',
      behaviour === 'header-only',
    ]);
    // One after the other: after a success the ETag is stale.
    expect([(await patch(tag)).status, (await patch(strong(tag))).status, (await patch()).status]).toEqual([
      asTold,
      asStrong,
      without,
    ]);
  });

  it('none: no ETag, and If-Match is ignored', async () => {
    await start('none');
    expect(await told()).toEqual({ header: undefined, body: undefined });
    expect((await patch('"anything"')).status).toBe(200);
  });

  it('etagChanges refuses a valid one that many times', async () => {
    await start('requires');
    bmc.misbehave({ etagChanges: 1 });
    const { header } = await told();
    expect([(await patch(header)).status, (await patch(header)).status]).toEqual([412, 200]);
  });

  it('ifMatchRefusedOnPost', async () => {
    await start();
    bmc.misbehave({ ifMatchRefusedOnPost: true });
    bmc.insert('CD1');
    const path = `${MANAGER}/VirtualMedia/CD1/Actions/VirtualMedia.EjectMedia`;
    expect((await call(bmc, 'POST', path, { headers: { 'If-Match': '*' } })).status).toBe(412);
    expect((await call(bmc, 'POST', path)).status).toBe(204);
  });

  it.each(profileNames)('have the form of the profile %s', async (profile) => {
    bmc = await startBmc({ profile });
    const { form, told: where } = bmc.rules.etag;
    const { headers, body } = await call(bmc, 'GET', '/redfish/v1/EventService');
    const pattern = form === 'weak' ? /^W\/"\w+"$/ : /^"\w+"$/;
    expect(headers['etag']).toEqual(form === 'none' ? undefined : expect.stringMatching(pattern));
    expect(body['@odata.etag']).toEqual(form === 'none' || where === 'header' ? undefined : headers['etag']);
  });
});
