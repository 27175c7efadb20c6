import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from '../../support/app.js';
import { lockNode } from '../../support/locks.js';
import { type Body, createNode, showNode } from './requests.js';

const add = (path: string, value: unknown) => ({ op: 'add', path, value });
const remove = (path: string) => ({ op: 'remove', path });

describe('patching a node', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const create = async (body?: Body): Promise<string> => String((await createNode(app, body))['uuid']);
  const patch = (uuid: string, operations: unknown, version = 109, query = '') =>
    app.http.patch(`/v1/nodes/${uuid}${query}`, operations, { version });
  const show = (uuid: string) => showNode(app, uuid);

  it('changes the named fields and answers with the whole node', async () => {
    const uuid = await create({ extra: { a: 1 }, driver_info: { old_password: 'kept' } });
    const answer = await patch(uuid, [
      add('/name', `p-${uuid}`),
      add('/description', 'hello'),
      add('/properties/cpus', 8),
      add('/extra/b', { c: [1] }),
      add('/extra/b/c/-', 2),
      { op: 'replace', path: '/extra/a', value: 'one' },
      add('/driver_info/acme_password', 'hunter2'),
      add('/maintenance', 'true'),
      add('/shard', 'S'),
    ]);
    expect(answer.expect(200).json()).toMatchObject({
      name: `p-${uuid}`,
      description: 'hello',
      properties: { cpus: 8 },
      extra: { a: 'one', b: { c: [1, 2] } },
      driver_info: { old_password: '******', acme_password: '******' },
      maintenance: true,
      shard: 'S',
      reservation: null,
      updated_at: expect.stringMatching(/\+00:00$/) as unknown,
    });
    const stored = await app.database.kysely
      .selectFrom('nodes')
      .select('driver_info')
      .where('uuid', '=', uuid)
      .executeTakeFirstOrThrow();
    expect(stored.driver_info).toEqual({ old_password: 'kept', acme_password: 'hunter2' });
  });

  describe('with limits of a field', () => {
    const nested = (levels: number): object =>
      Array.from({ length: levels }).reduce<object>((inner) => ({ d: inner }), {});
    const store = (uuid: string, extra: object) =>
      app.database.kysely
        .updateTable('nodes')
        .set({ extra: JSON.stringify(extra) })
        .where('uuid', '=', uuid)
        .execute();
    const text = 'x'.repeat(600_000);

    it('refuses a result that is nested too deep', async () => {
      const uuid = await create({ extra: nested(20) });
      const answer = await patch(uuid, [add(`/extra${'/d'.repeat(20)}`, nested(10))]);
      expect(answer.expect(400).fault.faultstring).toBe('Invalid extra: it is nested deeper than 25 levels.');
      expect(await show(uuid)).toMatchObject({ extra: nested(20), updated_at: null, reservation: null });
    });

    it('can change and repair a field that is nested deeper already', async () => {
      const uuid = await create();
      await store(uuid, nested(1_500));
      (await patch(uuid, [add('/description', 'deep')])).expect(200);
      (await patch(uuid, [add('/extra/other', 1)])).expect(200);
      (await patch(uuid, [remove('/extra/d')])).expect(200);
      expect(await show(uuid)).toMatchObject({ extra: {} });
    });

    it('refuses a result that is too large', async () => {
      const uuid = await create({ extra: { text } });
      const answer = await patch(uuid, [add('/extra/more', text)]);
      expect(answer.expect(400).fault.faultstring).toBe(
        'Invalid extra: its JSON is larger than 1048576 bytes.',
      );
      expect(await show(uuid)).toMatchObject({ extra: { text }, updated_at: null, reservation: null });
    });

    it('can make a field smaller that is larger already', async () => {
      const uuid = await create();
      await store(uuid, { a: text, b: text, c: text });
      (await patch(uuid, [add('/extra/d', 1)])).expect(400);
      (await patch(uuid, [remove('/extra/a')])).expect(200);
      expect(Object.keys((await show(uuid))['extra'] as object)).toEqual(['b', 'c']);
    });
  });

  it('that changes nothing writes nothing', async () => {
    const uuid = await create({ extra: { a: 1 } });
    for (const operations of [[], [add('/extra/a', 1)], [add('/maintenance', false)], [remove('/name')]]) {
      expect((await patch(uuid, operations)).expect(200).json()).toMatchObject({ updated_at: null });
    }
  });

  it('is all or nothing', async () => {
    const uuid = await create();
    (await patch(uuid, [add('/extra/m', 1), remove('/extra/nosuch')])).expect(400);
    expect(await show(uuid)).toMatchObject({ extra: {} });
  });

  it('removes and empties values', async () => {
    const fields = [
      'owner',
      'lessee',
      'shard',
      'resource_class',
      'instance_name',
      'instance_uuid',
      'description',
    ];
    const uuid = await create({
      name: `r-${randomUUID()}`,
      ...Object.fromEntries(fields.map((field) => [field, randomUUID()])),
      extra: { a: 1 },
      automated_clean: true,
      disable_power_off: true,
      maintenance: true,
      vendor_interface: 'no-vendor',
    });
    const cleared = {
      ...Object.fromEntries(fields.map((field) => [field, null])),
      extra: {},
      automated_clean: null,
      disable_power_off: null,
      maintenance: false,
      conductor_group: '',
      chassis_uuid: null,
      vendor_interface: 'fake',
    };
    const removals = Object.keys(cleared).map((field) => remove(`/${field}`));
    expect((await patch(uuid, [...removals, remove('/name')])).expect(200).json()).toMatchObject({
      ...cleared,
      name: null,
    });
    const nulls = Object.keys(cleared).map((field) => add(`/${field}`, null));
    expect((await patch(uuid, nulls)).expect(200).json()).toMatchObject(cleared);
  });

  it.each<[string, unknown]>([
    ['an object', {}],
    ['null', null],
    ['text', 'x'],
    ['no driver', [remove('/driver')]],
    ['a null driver', [add('/driver', null)]],
    ['an unknown driver', [add('/driver', 'nosuch')]],
    ['a null name', [{ op: 'replace', path: '/name', value: null }]],
    ['a bad name', [add('/name', 'a b')]],
    ['a reserved name', [add('/name', 'detail')]],
    ['an empty name', [add('/name', '')]],
    ['extra as text', [add('/extra', 'x')]],
    ['below a text', [add('/name/x', 'x')]],
    ['a chassis', [add('/chassis_uuid', randomUUID())]],
    ['an unknown interface', [add('/vendor_interface', 'nosuch')]],
    ['an unknown group', [add('/conductor_group', 'nowhere')]],
    ['an unknown parent', [add('/parent_node', randomUUID())]],
    ['bad memory', [add('/properties/memory_mb', 'much')]],
    ['a long description', [add('/description', 'x'.repeat(4097))]],
    ['a reason without protection', [add('/protected_reason', 'x')]],
    ['a reason without retirement', [add('/retired_reason', 'x')]],
    ['a maintenance of 5', [add('/maintenance', 5)]],
    ['a NUL', [add('/extra/x', 'a\0')]],
    ['__proto__', [add('/__proto__/polluted', 1)]],
  ])('refuses %s, and changes nothing', async (_, operations) => {
    const uuid = await create();
    const before = await show(uuid);
    (await patch(uuid, operations)).expect(400);
    expect(await show(uuid)).toEqual(before);
  });

  it('refuses a body that is not an array, malformed JSON and unknown parameters', async () => {
    const uuid = await create();
    (await app.http.send('PATCH', `/v1/nodes/${uuid}`)).expect(400);
    (await app.http.send('PATCH', `/v1/nodes/${uuid}`, { raw: '[{"op":' })).expect(400);
    (await patch(uuid, [], 109, '?x=1')).expect(400);
    (await patch('nosuch', [])).expect(404);
    (await patch('nosuch', [add('/extra/a', 1)])).expect(404);
  });

  it('takes __proto__ as a member like any other', async () => {
    const uuid = await create();
    (await patch(uuid, [add('/extra/__proto__', { a: 1 })])).expect(200);
    expect((await app.http.get(`/v1/nodes/${uuid}?fields=extra`)).text).toContain(
      '"extra":{"__proto__":{"a":1}}',
    );
  });

  it('refuses fields and reset_interfaces that the version does not have', async () => {
    const uuid = await create();
    (await patch(uuid, [add('/owner', 'me')], 49)).expect(406);
    (await patch(uuid, [add('/vendor_interface', 'fake')], 30)).expect(406);
    (await patch(uuid, [add('/driver', 'fake-hardware')], 44, '?reset_interfaces=true')).expect(406);
  });

  it('resets the interfaces with the driver only', async () => {
    const uuid = await create({ vendor_interface: 'no-vendor', storage_interface: 'fake' });
    (await patch(uuid, [add('/extra/a', 1)], 109, '?reset_interfaces=true')).expect(400);
    (await patch(uuid, [], 109, '?reset_interfaces=true')).expect(400);
    const operations = [add('/driver', 'fake-hardware'), add('/storage_interface', 'fake')];
    expect((await patch(uuid, operations, 109, '?reset_interfaces=True')).expect(200).json()).toMatchObject({
      vendor_interface: 'fake',
      storage_interface: 'fake',
    });
  });

  it('refuses a name or UUID that another node has', async () => {
    const name = `taken-${randomUUID()}`;
    const instance = randomUUID();
    await create({ name, instance_uuid: instance });
    const uuid = await create();
    (await patch(uuid, [add('/name', name)])).expect(409);
    (await patch(uuid, [add('/instance_uuid', instance)])).expect(409);
  });

  it('refuses a node as its own parent', async () => {
    const uuid = await create();
    (await patch(uuid, [add('/parent_node', uuid)])).expect(400);
    const parent = await create({ name: `up-${randomUUID()}`.slice(0, 36) });
    expect((await patch(uuid, [add('/parent_node', parent)])).expect(200).json()).toMatchObject({
      parent_node: parent,
    });
  });

  it('on a locked node: a bad one is 400 at once, a good one 409', async () => {
    const uuid = await create();
    await lockNode(app.database, uuid, 'cond-b');
    (await patch(uuid, [remove('/extra/nosuch')])).expect(400);
    (await patch(uuid, [add('/extra/a', 1)])).expect(409);
    expect(await show(uuid)).toMatchObject({ extra: {}, reservation: 'cond-b' });
    (await patch(uuid, [])).expect(200);
  });

  it('loses nothing when many patch at once', async () => {
    const uuid = await create();
    const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
    const statuses = await Promise.all(
      keys.map(async (key) => {
        for (;;) {
          const { status } = await patch(uuid, [add(`/extra/${key}`, 1)]);
          if (status !== 409) return status;
        }
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(Object.keys((await show(uuid))['extra'] as Body).sort()).toEqual(keys);
  });
});
