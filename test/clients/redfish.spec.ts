import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { startApp, type TestApp } from '../support/app.js';
import { baremetal } from '../support/baremetal.js';
import { ended } from '../support/passthru.js';
import { driverInfoOf } from '../support/redfish.js';
import { describeWithProgram } from '../support/require.js';

const DESTINATION = 'https://192.0.2.1/events';

const LISTED = [
  [
    'create_subscription',
    'POST',
    false,
    "Creates a subscription on a node. Required argument: a dictionary of {'Destination': 'destination_url'}",
  ],
  [
    'delete_subscription',
    'DELETE',
    false,
    "Delete a subscription on a node. Required argument: a dictionary of {'id': 'subscription_bmc_id'}",
  ],
  [
    'eject_vmedia',
    'POST',
    true,
    'Eject a virtual media device. If no device is provided then all attached devices will be ejected. ' +
      "Optional arguments: 'boot_device' - the boot device to eject, either 'cd', 'dvd', 'usb', or 'floppy'",
  ],
  ['get_all_subscriptions', 'GET', false, 'Returns all subscriptions on the node.'],
  [
    'get_subscription',
    'GET',
    false,
    "Get a subscription on the node. Required argument: a dictionary of {'id': 'subscription_bmc_id'}",
  ],
];

describeWithProgram('baremetal')('baremetal, of a redfish node', () => {
  let service: TestApp;
  let bmc: BmcServer;
  beforeAll(async () => {
    service = await startApp({ FERRULE_ENABLED_HARDWARE_TYPES: 'redfish,idrac' });
    bmc = await startBmc({ profile: 'dell-idrac9', tls: true });
    const info = { ...driverInfoOf(bmc), redfish_verify_ca: 'false' };
    const args = Object.entries(info).flatMap(([key, value]) => ['--driver-info', `${key}=${value}`]);
    await prints('node', 'create', '--driver', 'redfish', '--name', 'r750', ...args);
  });
  afterAll(async () => {
    await service.close();
    await bmc.close();
  });

  const { prints, shows, complains } = baremetal(() => service.http.base);
  const call = (...args: string[]): string[] => ['node', 'passthru', 'call', 'r750', ...args];

  it('passthru list', async () => {
    const rows = await shows<Record<string, unknown>[]>('node', 'passthru', 'list', 'r750');
    expect(rows).toEqual(
      LISTED.map(([name, verbs, isAsync, description]) => ({
        Name: name,
        'Supported HTTP methods': verbs,
        Async: isAsync,
        Description: description,
        'Response is attachment': false,
      })),
    );
  });

  it('a subscription is created and listed by GET', async () => {
    const made = await prints(...call('create_subscription', '--arg', `Destination=${DESTINATION}`));
    expect(bmc.subscriptions).toMatchObject([{ Destination: DESTINATION }]);
    expect(made).toContain(`'Destination': '${DESTINATION}'`);
    const [, id = ''] = /'Id': '([^']+)'/.exec(made) ?? [];
    expect(bmc.subscriptions).toMatchObject([{ Id: id }]);
    const all = await prints(...call('get_all_subscriptions', '--http-method', 'GET'));
    expect(all).toContain("'Members@odata.count': 1");
    expect(all).toContain(`/Subscriptions/${id}'`);
  });

  it('eject_vmedia prints nothing, and its job reports every slot', async () => {
    bmc.insert(bmc.media[0]?.path ?? '');
    expect(await prints(...call('eject_vmedia'))).toBe('');
    const listed = await service.http.get('/v1/jobs?node=r750');
    const [job] = listed.expect(200).json<{ jobs: { id: string }[] }>().jobs;
    const { state, result } = await ended(service.http, `/v1/jobs/${job?.id}`);
    expect(state).toBe('succeeded');
    const { slots } = result as { slots: { ejected: boolean }[] };
    expect(slots.map(({ ejected }) => ejected)).toEqual(bmc.media.map((_, index) => index === 0));
    expect(bmc.media.filter(({ inserted }) => inserted)).toEqual([]);
  });

  it('a log is read by its name, and as a file, by POST, since the arguments of GET are dropped', async () => {
    await prints('node', 'set', 'r750', '--vendor-interface', 'redfish-extended');
    try {
      const page = await prints(...call('get_logs', '--arg', 'log=Lclog', '--arg', 'limit=1'));
      expect(page).toMatch(/'log': 'Lclog'|\| log +\| Lclog/);
      const file = await prints(...call('download_logs', '--arg', 'log=Lclog'));
      expect(file.match(/'@odata.id'/g)?.length).toBeGreaterThan(1);
    } finally {
      await prints('node', 'set', 'r750', '--vendor-interface', 'redfish');
    }
  });

  it('refused calls print a message', async () => {
    const [destination, id, device] = await Promise.all([
      complains(...call('create_subscription', '--arg', 'Destination=ftp://nowhere')),
      // The command drops the arguments of DELETE.
      complains(...call('delete_subscription', '--http-method', 'DELETE', '--arg', 'id=1')),
      complains(...call('eject_vmedia', '--arg', 'boot_device=zip')),
    ]);
    expect(destination).toMatch(/^Destination ftp:\/\/nowhere is not a valid URI \(HTTP 400\)/m);
    expect(id).toMatch(/'id'.*HTTP 400/s);
    expect(device).toMatch(/Boot device zip is not a valid value.*HTTP 400/s);
  });

  it("calls that the BMC refuses print the BMC's message", async () => {
    bmc.misbehave({ forbiddenWithLicence: true });
    const complaint = await complains(...call('get_all_subscriptions', '--http-method', 'GET'));
    expect(complaint).toMatch(
      /^Redfish exception occurred\. Error: .*Not licensed to perform this request.*HTTP 500/ms,
    );
  });
});
