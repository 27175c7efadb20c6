import { resolve } from 'node:path';
import { startApp, type TestApp } from '../../support/app.js';

const FIXTURES = resolve(import.meta.dirname, '../../fixtures');

describe('interfaces of several hardware types', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,lab-hardware',
      FERRULE_DRIVER_ROOT: FIXTURES,
    });
  });
  afterAll(() => app.close());

  const ELSEWHERE =
    /^vendor interface implementation 'lab' is not supported by hardware type fake-hardware\. Valid interfaces are /;
  const NOWHERE = /^Could not find the vendor interface 'nosuch' for hardware type fake-hardware\. Valid /;

  it.each([
    ['lab', ELSEWHERE],
    ['nosuch', NOWHERE],
  ])('the vendor interface %s of a new node', async (name, says) => {
    const own = await app.http.post('/v1/nodes', { driver: 'fake-hardware', vendor_interface: name });
    expect(own.expect(400).fault.faultstring).toMatch(says);
    const instanceInfo = { vendor_interface: name };
    const override = await app.http.post('/v1/nodes', {
      driver: 'fake-hardware',
      instance_info: instanceInfo,
    });
    expect(override.expect(400).fault.faultstring).toMatch(says);
  });

  it('a call of a node whose interface belongs to another type now', async () => {
    const node = (await app.http.post('/v1/nodes', { driver: 'fake-hardware' })).json<{ uuid: string }>();
    await app.database.kysely
      .updateTable('nodes')
      .set({ vendor_interface: 'lab' })
      .where('uuid', '=', node.uuid)
      .execute();
    const called = await app.http.post(`/v1/nodes/${node.uuid}/vendor_passthru/echo`, {});
    expect(called.expect(400).fault.faultstring).toMatch(ELSEWHERE);
    const listed = await app.http.get(`/v1/nodes/${node.uuid}/vendor_passthru/methods`);
    expect(listed.expect(400).fault.faultstring).toMatch(ELSEWHERE);
  });

  it('a call of a node whose instance_info alone names an interface', async () => {
    const node = (
      await app.http.post('/v1/nodes', {
        driver: 'fake-hardware',
        instance_info: { vendor_interface: 'no-vendor' },
      })
    ).json<{ uuid: string; vendor_interface: string | null }>();
    expect(node.vendor_interface).toBeNull();
    const methods = await app.http.get(`/v1/nodes/${node.uuid}/vendor_passthru/methods`);
    expect(methods.expect(200).json()).toEqual({});
  });
});
