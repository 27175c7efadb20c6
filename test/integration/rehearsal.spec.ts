import { type BmcServer, type JsonObject, startBmc } from '@ferrule/bmc-simulator';
import { startApp, type TestApp } from '../support/app.js';
import { call } from '../support/passthru.js';
import { createRedfishNode, EXTENDED } from '../support/redfish.js';
import { until } from '../support/until.js';

interface Planned {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}
interface Document {
  readonly would: number;
  readonly verdicts: readonly { name: string; ok: boolean | null; message?: string }[];
  readonly requests?: readonly Planned[];
}

describe('a dry run of a Redfish method', () => {
  let app: TestApp;
  let bmc: BmcServer;
  let node: string;
  beforeAll(async () => {
    app = await startApp({ FERRULE_ENABLED_HARDWARE_TYPES: 'redfish,idrac' });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    bmc = await startBmc({ profile: 'dell-idrac9' });
    node = await createRedfishNode(app.http, bmc, {}, { driver: 'idrac', ...EXTENDED });
  });
  afterEach(() => bmc.close());

  async function dryRun(method: string, args: JsonObject, verb = 'POST'): Promise<Document> {
    const path = `/v1/nodes/${node}/vendor_passthru/${method}?dry_run=true`;
    return (await app.http.send(verb, path, { json: args })).expect(200).json<Document>();
  }

  /** What changes something; a login does not. */
  const changes = () =>
    bmc.requests.filter(({ method, path }) => method !== 'GET' && !/\/Sessions\/?/.test(path));

  it.each([
    ['bios_set', { attributes: { BootMode: 'Bios' } }],
    ['indicator_led', { state: 'lit' }],
    ['insert_vmedia', { image: 'https://images.example/boot.iso' }],
    ['create_subscription', { Destination: 'https://192.0.2.9/events' }],
    ['submit_test_event', {}],
    ['update_firmware', { image: 'https://images.example/bmc.bin' }],
    ['clear_job_queue', {}],
  ])(
    '%s shows the first change that the call then makes, and makes none',
    async (method, args: JsonObject) => {
      const document = await dryRun(method, args);
      expect(document.verdicts.filter(({ ok }) => ok !== true)).toEqual([]);
      expect(changes()).toEqual([]);
      expect(bmc.requests.length).toBeGreaterThan(0);
      const answer = await call(app.http, node, method, args);
      expect(answer.status).toBe(document.would);
      await until(() => changes().length > 0);
      const [first] = changes();
      expect(document.requests).toHaveLength(1);
      const [planned] = document.requests ?? [];
      expect(planned).toMatchObject({ method: first?.method, path: first?.path });
      // Values of secret arguments are masked.
      if (method !== 'bios_set') expect(planned?.body).toEqual(first?.body);
    },
  );

  it('shows nothing if there is nothing to do', async () => {
    expect((await dryRun('eject_vmedia', {})).requests).toEqual([]);
    expect((await dryRun('sensors', {}, 'GET')).requests).toBeUndefined();
  });

  it('masks secrets', async () => {
    const password = 'planted-password';
    const [planned] = (await dryRun('set_password', { password })).requests ?? [];
    expect(planned).toMatchObject({ body: expect.any(Object) as object });
    const text = JSON.stringify(planned);
    for (const secret of [password, bmc.password]) expect(text).not.toContain(secret);
    expect(bmc.accepts(bmc.username, bmc.password)).toBe(true);
    expect(changes()).toEqual([]);
  });

  it('says that the BMC does not answer', async () => {
    await bmc.close();
    const document = await dryRun('create_subscription', { Destination: 'https://192.0.2.9/events' });
    expect(document.would).toBe(500);
    expect(document.requests).toBeUndefined();
    expect(document.verdicts.at(-1)).toMatchObject({
      name: 'rehearsal',
      ok: false,
      message: expect.stringContaining('Unable to connect') as string,
    });
    // The call itself would be accepted, and its job would fail.
    const job = await dryRun('bmc_reset', {});
    expect([job.would, job.verdicts.at(-1)?.ok]).toEqual([202, false]);
  });
});
