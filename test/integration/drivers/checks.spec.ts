import { resolve } from 'node:path';
import { startApp, type TestApp } from '../../support/app.js';
import { lockNode } from '../../support/locks.js';
import { call, createNode } from '../../support/passthru.js';

describe('the checks of a driver', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({
      FERRULE_DRIVER_ROOT: resolve(import.meta.dirname, '../../fixtures'),
      FERRULE_ENABLED_HARDWARE_TYPES: 'careful-hardware,fake-hardware',
      FERRULE_LOCK_TRIES: '1',
    });
  });
  afterAll(() => app.close());

  const newNode = (members: object = {}) =>
    createNode(app.http, {
      driver: 'careful-hardware',
      vendor_interface: 'careful',
      driver_info: { careful_slot: 1 },
      ...members,
    });
  const validation = async (node: string) =>
    (await app.http.get(`/v1/nodes/${node}/validate`)).expect(200).json<Record<string, unknown>>();

  it('of an interface run before each call of a node, and its error reaches the caller', async () => {
    const node = await newNode({ driver_info: {} });
    const refused = (await call(app.http, node, 'flash', { image: 'good.bin' })).expect(400);
    expect(refused.fault.faultstring).toBe('careful_slot is not set.');
    (await call(app.http, await newNode(), 'flash', { image: 'good.bin' })).expect(200);
  });

  it('and methods log with the package, the request id and without secrets', async () => {
    const node = await newNode({ driver_info: { careful_slot: 1, careful_password: 'planted-secret' } });
    const answer = (await call(app.http, node, 'flash', { image: 'good.bin' })).expect(200);
    const requestId = String(answer.headers['x-openstack-request-id']);
    const during = `request_id=${requestId} node=${node} package=driver-careful@1.0.0`;
    const { entries } = app.log;
    expect(entries).toContain(`Checking. ${during} CarefulVendor`);
    expect(entries).toContain(`Flashing with ******. ${during} details={"image":"good.bin"} CarefulVendor`);
    expect(app.log.text).toMatch(/It was hard\..* stack=Error: hard\n.*driver-careful/);
    expect(entries).toContain('The interface is made. package=driver-careful@1.0.0 CarefulVendor');
    expect(app.log.text).not.toContain('planted-secret');
  });

  it('of an interface are shown as `vendor` for a type without other interfaces', async () => {
    expect(await validation(await newNode())).toMatchObject({ vendor: { result: true } });
    expect(await validation(await newNode({ driver_info: {} }))).toMatchObject({
      vendor: { result: false, reason: 'careful_slot is not set.' },
    });
    expect(await validation(await newNode({ driver_info: { careful_slot: 'x' } }))).toMatchObject({
      vendor: { result: false, reason: expect.stringContaining('driver_info/careful_slot') },
    });
    expect(await validation(await newNode({ vendor_interface: 'no-vendor' }))).toMatchObject({
      vendor: { result: false, reason: expect.stringContaining('does not support vendor') },
    });
  });

  it('are not shown as `vendor` for a type with other interfaces, as in Ironic', async () => {
    const node = await createNode(app.http);
    expect(Object.keys(await validation(node))).not.toContain('vendor');
  });

  it('of a method run with its arguments and its interface, before the lock is taken', async () => {
    const node = await newNode({ name: 'careful-1' });
    // Another call holds the lock, which would be a 409 if it were asked for.
    await lockNode(app.database, node, 'cond-b');
    const refused = (await call(app.http, node, 'flash', { image: 'bad.bin' })).expect(400);
    expect(refused.fault.faultstring).toBe('Node careful-1 has no image bad.bin; it has good.bin.');
  });

  it('of a method of the driver run without a node', async () => {
    const prepare = (image: string) =>
      app.http.post('/v1/drivers/careful-hardware/vendor_passthru/prepare', { image });
    expect((await prepare('good.bin')).expect(200).json()).toEqual({ prepared: 'good.bin' });
    const refused = (await prepare('busy.bin')).expect(409);
    expect(refused.fault.faultstring).toBe('careful-hardware is preparing busy.bin already.');
  });

  it('do not keep arguments of any kind from being returned, nor large numbers of a query from keeping their digits', async () => {
    const node = await newNode();
    const given = { list: [1, { deep: null }], text: 'x' };
    expect((await call(app.http, node, 'anything', given)).expect(200).json()).toEqual(given);
    const path = `/v1/nodes/${node}/vendor_passthru/anything?serial=12345678901234567890&slot=7`;
    expect((await app.http.get(path)).expect(200).json()).toEqual({
      serial: '12345678901234567890',
      slot: 7,
    });
  });
});
