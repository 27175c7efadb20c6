import { baremetal } from '../support/baremetal.js';
import { ferrule } from '../support/ferrule.js';
import { createNode, ended, fields, watchedNode } from '../support/passthru.js';
import { Proxy } from '../support/proxy.js';
import { describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';

type Row = Record<string, unknown>;

describeWithProgram('baremetal')('baremetal', () => {
  let directory: DataDirectory;
  let service: Service;
  beforeAll(async () => {
    directory = await dataDirectory();
    service = await directory.start({ FERRULE_DEFAULT_VENDOR_INTERFACE: 'fake-options' });
  });
  afterAll(() => directory.dispose());

  const { run, prints, shows, complains } = baremetal(() => service.http.base);

  describe('conductor', () => {
    it('list and show', async () => {
      const [row] = await shows<Row[]>('conductor', 'list');
      expect(row).toEqual({ Hostname: expect.any(String), 'Conductor Group': '', Alive: true });
      expect(await shows<Row>('conductor', 'show', String(row?.['Hostname']))).toMatchObject({
        hostname: row?.['Hostname'],
        conductor_group: '',
        alive: true,
        drivers: ['fake-hardware'],
        created_at: expect.any(String),
        updated_at: expect.any(String),
      });
    });
  });

  describe('chassis', () => {
    it('create, set, show, list, node list, unset and delete', async () => {
      const { uuid } = await shows<{ uuid: string }>('chassis', 'create', '--description', 'rack 7');
      await prints('chassis', 'set', uuid, '--description', 'rack 8', '--extra', 'row=3');
      expect(await shows<Row>('chassis', 'show', uuid)).toMatchObject({
        uuid,
        description: 'rack 8',
        extra: { row: 3 },
      });
      const rows = await shows<Row[]>('chassis', 'list');
      expect(rows).toContainEqual({ UUID: uuid, Description: 'rack 8' });
      const node = await createNode(service.http);
      await prints('node', 'set', node, '--chassis-uuid', uuid);
      expect(await shows<Row[]>('node', 'list', '--chassis', uuid)).toMatchObject([{ UUID: node }]);
      expect(await complains('chassis', 'delete', uuid)).toMatch(/has nodes.*HTTP 400/s);
      await prints('node', 'unset', node, '--chassis-uuid');
      await prints('chassis', 'unset', uuid, '--extra', 'row', '--description');
      expect(await shows<Row>('chassis', 'show', uuid)).toMatchObject({ description: null, extra: {} });
      await prints('chassis', 'delete', uuid);
      expect(await complains('chassis', 'show', uuid)).toMatch(/could not be found.*HTTP 404/s);
    });
  });

  describe('port', () => {
    it('create, set, show, list, unset and delete', async () => {
      const node = await createNode(service.http);
      const address = '52:54:00:aa:00:01';
      const link = ['switch_id=52:54:00:aa:00:ff', 'port_id=Ethernet3/1'].flatMap((each) => [
        '--local-link-connection',
        each,
      ]);
      const { uuid } = await shows<{ uuid: string }>('port', 'create', address, '--node', node, ...link);
      expect(await complains('port', 'create', address, '--node', node)).toMatch(
        /MAC address 52:54:00:aa:00:01 already exists.*HTTP 409/s,
      );
      await prints('port', 'set', uuid, '--physical-network', 'mgmt', '--pxe-disabled', '--extra', 'a=b');
      expect(await shows<Row>('port', 'show', uuid)).toMatchObject({
        address,
        node_uuid: node,
        physical_network: 'mgmt',
        pxe_enabled: false,
        extra: { a: 'b' },
        local_link_connection: { switch_id: '52:54:00:aa:00:ff', port_id: 'Ethernet3/1' },
      });
      expect(await shows<Row>('port', 'show', '--address', address)).toMatchObject({ uuid });
      const listed = [{ UUID: uuid, Address: address }];
      expect(await shows<Row[]>('port', 'list', '--node', node)).toEqual(listed);
      expect(await shows<Row[]>('port', 'list', '--address', address)).toEqual(listed);
      await prints('port', 'unset', uuid, '--extra', 'a', '--physical-network');
      expect(await shows<Row>('port', 'show', uuid)).toMatchObject({ extra: {}, physical_network: null });
      await prints('port', 'delete', uuid);
      expect(await shows<Row[]>('port', 'list', '--node', node)).toEqual([]);
    });
  });

  describe('port group', () => {
    it('create, set, show, list, port list and delete', async () => {
      const node = await createNode(service.http);
      const made = ['port', 'group', 'create', '--node', node, '--name', 'bond-of-cli', '--mode', '802.3ad'];
      const { uuid } = await shows<{ uuid: string }>(...made);
      await prints('port', 'create', '52:54:00:aa:00:02', '--node', node, '--port-group', uuid);
      await prints('port', 'group', 'set', 'bond-of-cli', '--address', '52:54:00:aa:00:03');
      expect(await shows<Row>('port', 'group', 'show', 'bond-of-cli')).toMatchObject({
        uuid,
        address: '52:54:00:aa:00:03',
        mode: '802.3ad',
        standalone_ports_supported: true,
      });
      expect(await shows<Row[]>('port', 'group', 'list', '--node', node)).toMatchObject([{ UUID: uuid }]);
      const ports = await shows<Row[]>('port', 'list', '--port-group', uuid);
      expect(ports).toMatchObject([{ Address: '52:54:00:aa:00:02' }]);
      expect(await complains('port', 'group', 'delete', uuid)).toMatch(/while it has ports.*HTTP 400/s);
      await prints('port', 'unset', String(ports[0]?.['UUID']), '--port-group');
      await prints('port', 'group', 'delete', uuid);
    });
  });

  describe('driver', () => {
    it('list', async () => {
      const rows = await shows<Row[]>('driver', 'list');
      expect(rows).toEqual([
        { 'Supported driver(s)': 'fake-hardware', 'Active host(s)': expect.any(String) },
      ]);
    });

    it('show', async () => {
      expect(await shows<Row>('driver', 'show', 'fake-hardware')).toMatchObject({
        name: 'fake-hardware',
        type: 'dynamic',
        default_vendor_interface: 'fake-options',
        default_power_interface: 'fake',
      });
    });

    it('property list', async () => {
      const rows = await shows<Row[]>('driver', 'property', 'list', 'fake-hardware');
      expect(rows.map((row) => row['Property'])).toEqual(['B1', 'B2']);
    });

    it('passthru list', async () => {
      const rows = await shows<Row[]>('driver', 'passthru', 'list', 'fake-hardware');
      expect(rows.map((row) => [row['Name'], row['Async']])).toEqual([
        ['driver_info', false],
        ['driver_sleep', true],
      ]);
    });

    it('passthru call', async () => {
      await prints('driver', 'passthru', 'call', 'fake-hardware', 'driver_sleep', '--arg', 'seconds=0');
      await until(async () => {
        const { jobs } = (await service.http.get('/v1/jobs')).json<{ jobs: Row[] }>();
        return jobs.some((job) => job['method'] === 'driver_sleep' && job['state'] === 'succeeded');
      });
    });

    it('passthru call of an unknown method', async () => {
      const complaint = await complains('driver', 'passthru', 'call', 'fake-hardware', 'nosuch');
      expect(complaint).toMatch(/No handler for method nosuch.*HTTP 400/s);
    });
  });

  describe('node', () => {
    it('create', async () => {
      const node = await shows<Row>(
        ...['node', 'create', '--driver', 'fake-hardware', '--name', 'created', '--driver-info', 'B1=x'],
        ...['--property', 'cpus=4', '--extra', 'k=v', '--vendor-interface', 'fake'],
      );
      expect(node).toMatchObject({
        name: 'created',
        driver_info: { B1: 'x' },
        properties: { cpus: 4 },
        extra: { k: 'v' },
        vendor_interface: 'fake',
        provision_state: 'enroll',
      });
    });

    it('create with an unknown driver', async () => {
      expect(await complains('node', 'create', '--driver', 'nosuch')).toMatch(/nosuch.*HTTP 400.*req-/s);
    });

    it('list', async () => {
      await createNode(service.http, { name: 'listed' });
      const rows = await shows<Row[]>('node', 'list');
      expect(rows).toContainEqual({
        UUID: expect.any(String),
        Name: 'listed',
        'Instance UUID': null,
        'Power State': null,
        'Provisioning State': 'enroll',
        Maintenance: false,
      });
      const page = await shows<Row[]>(
        'node',
        'list',
        '--limit',
        '1',
        '--sort',
        'name:desc',
        '--fields',
        'name',
      );
      expect(page).toHaveLength(1);
      const old = await shows<Row[]>('--os-baremetal-api-version', '1.72', 'node', 'list', '--long');
      expect(old.map((row) => row['Name'])).toContain('listed');
    });

    it('show', async () => {
      const uuid = await createNode(service.http, { name: 'shown', driver_info: { password: 'x' } });
      expect(await shows<Row>('node', 'show', 'shown')).toMatchObject({
        uuid,
        driver_info: { password: '******' },
      });
      expect(await complains('node', 'show', 'nosuch')).toMatch(/nosuch.*HTTP 404/s);
    });

    it('set and unset', async () => {
      const uuid = await createNode(service.http, { name: 'set', extra: { old: 1 } });
      await prints(
        ...['node', 'set', 'set', '--extra', 'new={"a": [1]}', '--description', 'text'],
        ...['--vendor-interface', 'no-vendor', '--owner', 'me'],
      );
      expect(await fields(service.http, uuid, 'extra', 'description', 'vendor_interface', 'owner')).toEqual({
        extra: { old: 1, new: { a: [1] } },
        description: 'text',
        vendor_interface: 'no-vendor',
        owner: 'me',
      });
      await prints('node', 'unset', 'set', '--extra', 'old', '--vendor-interface', '--owner');
      expect(await fields(service.http, uuid, 'extra', 'vendor_interface', 'owner')).toEqual({
        extra: { new: { a: [1] } },
        vendor_interface: 'fake-options',
        owner: null,
      });
      expect(await complains('node', 'unset', 'set', '--extra', 'old')).toMatch(/HTTP 400/);
    });

    it('maintenance', async () => {
      const uuid = await createNode(service.http, { name: 'maintained' });
      await prints('node', 'maintenance', 'set', 'maintained', '--reason', 'disk swap');
      const names = ['maintenance', 'maintenance_reason'];
      expect(await fields(service.http, uuid, ...names)).toEqual({
        maintenance: true,
        maintenance_reason: 'disk swap',
      });
      await prints('node', 'maintenance', 'unset', 'maintained');
      expect(await fields(service.http, uuid, ...names)).toEqual({
        maintenance: false,
        maintenance_reason: null,
      });
    });

    it('validate', async () => {
      await createNode(service.http, { name: 'validated', bios_interface: 'no-bios' });
      const rows = await shows<Row[]>('node', 'validate', 'validated');
      expect(rows).toContainEqual({ Interface: 'power', Result: true, Reason: '' });
      expect(rows).toContainEqual({
        Interface: 'bios',
        Result: false,
        Reason: expect.stringMatching(/bios/),
      });
    });

    it('delete', async () => {
      await createNode(service.http, { name: 'deleted' });
      const { code, stdout, stderr } = await run('node', 'delete', 'deleted', 'nosuch');
      expect({ code, stdout, stderr }).toEqual({
        code: 1,
        stdout: expect.stringContaining('Deleted node deleted'),
        stderr: expect.stringContaining('nosuch'),
      });
      expect((await service.http.get('/v1/nodes/deleted')).status).toBe(404);
    });
  });

  describe('node passthru', () => {
    beforeAll(async () => {
      await createNode(service.http, { name: 'called' });
      await createNode(service.http, { name: 'fake', vendor_interface: 'fake' });
    });

    const call = (...args: string[]): string[] => ['node', 'passthru', 'call', ...args];

    it('list', async () => {
      const rows = await shows<Row[]>('node', 'passthru', 'list', 'fake');
      expect(rows).toContainEqual({
        Name: 'third_method_sync',
        'Supported HTTP methods': 'POST',
        Async: false,
        Description: 'Test if the value of bar is meow',
        'Response is attachment': false,
      });
      expect(rows).toHaveLength(4);
    });

    it('a synchronous call', async () => {
      const printed = await prints(...call('called', 'echo', '--arg', 'a=1', '--arg', 'b=x=y'));
      expect(printed.trim()).toBe("{'http_method': 'POST', 'args': {'a': 1, 'b': 'x=y'}}");
      expect(await prints(...call('called', 'echo', '--http-method', 'GET'))).toContain(
        "'http_method': 'GET'",
      );
    });

    it('an asynchronous call', async () => {
      expect(await prints(...call('fake', 'second_method', '--arg', 'bar=kazoo'))).toBe('');
      const { jobs } = (await service.http.get('/v1/jobs?node=fake')).json<{ jobs: { id: string }[] }>();
      const job = await ended(service.http, `/v1/jobs/${jobs[0]?.id}`);
      expect(job).toMatchObject({ method: 'second_method', state: 'succeeded', result: true });
    });

    it('a missing and an unexpected argument', async () => {
      expect(await complains(...call('fake', 'second_method'))).toMatch(/bar.*HTTP 400/s);
      const surplus = await complains(
        ...call('fake', 'third_method_sync', '--arg', 'bar=x', '--arg', 'extra=y'),
      );
      expect(surplus).toMatch(/extra.*HTTP 400/s);
    });

    it('a wrong verb', async () => {
      const complaint = await complains(
        ...call('fake', 'second_method', '--http-method', 'PUT', '--arg', 'bar=x'),
      );
      expect(complaint).toMatch(/does not support HTTP PUT.*HTTP 400/s);
    });

    it('an unknown method', async () => {
      expect(await complains(...call('fake', 'nosuch'))).toMatch(/No handler for method nosuch.*HTTP 400/s);
    });

    it('a node whose lock is broken: the call is not repeated', async () => {
      const watch = new WatchFile(directory.path);
      const other = await directory.start(watch.env);
      const { http } = other;
      const gate = watch.gate();
      const watched = await watchedNode(http);
      const called = baremetal(() => http.base).complains(
        ...call(watched, 'watch', '--arg', 'id=broken', '--arg', `gate=${gate.path}`),
      );
      await until(() => watch.has('begin', 'broken'));
      const broken = await ferrule(['locks', 'break', watched], { FERRULE_URL: http.base });
      expect(broken).toMatchObject({ code: 0 });
      // The node is free, and a repeat would run at once.
      expect(await called).toMatch(/outcome of the call is unknown.*was broken by.*HTTP 500/s);
      gate.open();
      expect(watch.begun().get('broken')).toBe(1);
      expect(await fields(http, watched, 'reservation')).toEqual({ reservation: null });
      await other.stop();
    });

    it('a locked node', async () => {
      const watch = new WatchFile(directory.path);
      const other = await directory.start(watch.env);
      const { http } = other;
      const client = baremetal(() => http.base);
      const gate = watch.gate();
      const watched = await watchedNode(http);
      const path = `/v1/nodes/${watched}/vendor_passthru/watch`;
      const holding = http.post(path, { gate: gate.path });
      await until(async () => (await fields(http, watched, 'reservation'))['reservation'] !== null);
      const patience = ['--max-retries', '1', '--retry-interval', '1'];
      const complaint = await client.complains(...patience, ...call(watched, 'watch'));
      expect(complaint).toMatch(new RegExp(`Node ${watched} is locked by host .*HTTP 409`, 's'));
      // Shared methods work meanwhile, and the client retries until the lock is released.
      expect(await client.prints(...call(watched, 'look'))).toContain("'seen': True");
      const proxy = await Proxy.to({ host: '127.0.0.1', port: Number(new URL(http.base).port) });
      try {
        const refusals = proxy.count(/^HTTP\/1.1 409/);
        const endpoint = `http://127.0.0.1:${proxy.port}`;
        const retried = baremetal(() => endpoint).prints('--max-retries', '100', ...call(watched, 'watch'));
        await until(() => refusals() > 0);
        gate.open();
        expect(await retried).toContain("'fence'");
      } finally {
        await proxy.close();
      }
      (await holding).expect(200);
      await other.stop();
    });
  });
});
