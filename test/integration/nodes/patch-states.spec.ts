import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from '../../support/app.js';
import { type Body, createNode, setColumns } from './requests.js';

const add = (path: string, value: unknown) => ({ op: 'add', path, value });
const remove = (path: string) => ({ op: 'remove', path });

describe('patching a node in its states', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const create = async (body?: Body): Promise<string> => String((await createNode(app, body))['uuid']);
  const patch = (uuid: string, operations: unknown, version = 109, query = '') =>
    app.http.patch(`/v1/nodes/${uuid}${query}`, operations, { version });
  const set = (uuid: string, values: Body) => setColumns(app, uuid, values);

  const state = async (values: Body): Promise<string> => {
    const uuid = await create();
    await set(uuid, values);
    return uuid;
  };

  it('is refused in transitional states', async () => {
    const moving = { provision_state: 'deploying', target_provision_state: 'active' };
    (await patch(await state(moving), [add('/extra/a', 1)])).expect(409);
    const failed = { provision_state: 'clean failed', target_provision_state: 'available' };
    (await patch(await state(failed), [add('/extra/a', 1)])).expect(200);
    const dead = await state({ ...moving, maintenance: true, instance_uuid: randomUUID() });
    (await patch(dead, [remove('/instance_uuid'), add('/extra/a', 1)])).expect(409);
    expect((await patch(dead, [remove('/instance_uuid')])).expect(200).json()).toMatchObject({
      instance_uuid: null,
    });
  });

  it('is refused while inspecting, from 1.39 on', async () => {
    const uuid = await state({ provision_state: 'inspecting' });
    (await patch(uuid, [add('/extra/a', 1)], 39)).expect(409);
    (await patch(uuid, [add('/extra/a', 1)], 38)).expect(200);
  });

  it('changes interfaces only in some states or in maintenance', async () => {
    const uuid = await state({ provision_state: 'active' });
    const operations = [add('/vendor_interface', 'no-vendor')];
    (await patch(uuid, operations)).expect(409);
    (await patch(uuid, [add('/vendor_interface', 'fake')])).expect(200);
    await set(uuid, { maintenance: true });
    (await patch(uuid, operations)).expect(200);
  });

  it('protects only nodes with a deployed instance', async () => {
    const uuid = await state({ provision_state: 'enroll' });
    (await patch(uuid, [add('/protected', true)])).expect(409);
    await set(uuid, { provision_state: 'active' });
    const both = [add('/protected', 'True'), add('/protected_reason', 'dear')];
    expect((await patch(uuid, both)).expect(200).json()).toMatchObject({
      protected: true,
      protected_reason: 'dear',
    });
    expect((await patch(uuid, [remove('/protected')])).expect(200).json()).toMatchObject({
      protected: false,
      protected_reason: null,
    });
  });

  it('retires only nodes that are not available', async () => {
    const uuid = await state({ provision_state: 'available' });
    (await patch(uuid, [add('/retired', true)])).expect(409);
    await set(uuid, { provision_state: 'manageable' });
    const both = [add('/retired', true), add('/retired_reason', 'old')];
    expect((await patch(uuid, both)).expect(200).json()).toMatchObject({
      retired: true,
      retired_reason: 'old',
    });
    expect((await patch(uuid, [add('/retired', null)])).expect(200).json()).toMatchObject({
      retired: null,
      retired_reason: null,
    });
  });

  it('refuses to change the instance and the resource class of an active node', async () => {
    const instance = randomUUID();
    const uuid = await state({ provision_state: 'active', instance_uuid: instance, resource_class: 'a' });
    (await patch(uuid, [add('/instance_uuid', randomUUID())])).expect(409);
    (await patch(uuid, [add('/instance_uuid', instance.toUpperCase())])).expect(200);
    (await patch(uuid, [add('/resource_class', 'b')])).expect(409);
    await set(uuid, { maintenance: true });
    (await patch(uuid, [add('/resource_class', 'b')])).expect(409);
  });

  it('refuses another driver while the console is open', async () => {
    const uuid = await state({ console_enabled: true, driver: 'gone' });
    (await patch(uuid, [add('/driver', 'fake-hardware')])).expect(409);
  });

  it('changes the driver of a node whose driver is not enabled', async () => {
    const uuid = await state({ driver: 'gone', vendor_interface: 'gone' });
    expect((await patch(uuid, [add('/extra/a', 1)])).expect(200).json()).toMatchObject({ conductor: null });
    (await patch(uuid, [add('/driver', 'fake-hardware')])).expect(400);
    const repaired = await patch(uuid, [add('/driver', 'fake-hardware')], 109, '?reset_interfaces=true');
    expect(repaired.expect(200).json()).toMatchObject({ vendor_interface: 'fake', conductor: 'cond-a' });
  });

  it('ends maintenance with its reason and the fault', async () => {
    const uuid = await state({ maintenance: true, maintenance_reason: 'r', fault: 'power failure' });
    expect((await patch(uuid, [add('/maintenance', false)])).expect(200).json()).toMatchObject({
      maintenance: false,
      maintenance_reason: null,
      fault: null,
    });
  });

  it('takes instance_name from display_name, once', async () => {
    const uuid = await create();
    const named = (await patch(uuid, [add('/instance_info/display_name', 'vm-1')])).expect(200).json<Body>();
    expect(named).toMatchObject({ instance_name: 'vm-1' });
    const again = (await patch(uuid, [add('/instance_info/display_name', 'vm-2')])).expect(200).json<Body>();
    expect(again).toMatchObject({ instance_name: 'vm-1' });
  });
});
