import { startApp, type TestApp } from '../support/app.js';
import { baremetal } from '../support/baremetal.js';
import { IpmiSim } from '../support/ipmi-sim.js';
import { ended, type JobDocument } from '../support/passthru.js';
import { describeWithProgram } from '../support/require.js';

describeWithProgram(
  'baremetal',
  'ipmitool',
  'ipmi_sim',
)('baremetal, of an ipmi node', () => {
  let service: TestApp;
  let sim: IpmiSim;
  beforeAll(async () => {
    sim = await IpmiSim.start();
    service = await startApp({
      FERRULE_ENABLED_HARDWARE_TYPES: 'ipmi',
      FERRULE_IPMI_MIN_COMMAND_INTERVAL: '0',
    });
    const info = Object.entries(sim.driverInfo).flatMap(([key, value]) => [
      '--driver-info',
      `${key}=${value}`,
    ]);
    await prints('node', 'create', '--driver', 'ipmi', '--name', 'ipmi-1', ...info);
  });
  afterAll(async () => {
    await service?.close();
    await sim?.stop();
  });

  const { prints, shows, complains } = baremetal(() => service.http.base);
  const call = (...args: string[]): string[] => ['node', 'passthru', 'call', 'ipmi-1', ...args];

  async function job(): Promise<JobDocument> {
    const listed = await service.http.get('/v1/jobs?node=ipmi-1&limit=1');
    const [newest] = listed.expect(200).json<{ jobs: { id: string }[] }>().jobs;
    return ended(service.http, `/v1/jobs/${newest?.id}`);
  }

  it('the node has the interfaces of Ironic', async () => {
    expect(await shows('node', 'show', 'ipmi-1')).toMatchObject({
      boot_interface: 'ipxe',
      console_interface: 'ipmitool-socat',
      deploy_interface: 'direct',
      management_interface: 'ipmitool',
      power_interface: 'ipmitool',
      vendor_interface: 'ipmitool',
      driver_info: { ipmi_username: 'admin', ipmi_password: '******' },
    });
  });

  it('its driver lists its properties', async () => {
    const rows = await shows<{ Property: string }[]>('driver', 'property', 'list', 'ipmi');
    const names = rows.map(({ Property }) => Property);
    expect(names).toEqual(expect.arrayContaining(['ipmi_address', 'ipmi_cipher_suite', 'ipmi_hex_kg_key']));
  });

  it('passthru list', async () => {
    const rows = await shows<{ Name: string; Async: boolean }[]>('node', 'passthru', 'list', 'ipmi-1');
    expect(rows.map(({ Name, Async }) => [Name, Async])).toEqual([
      ['bmc_reset', true],
      ['send_raw', true],
    ]);
  });

  it('send_raw prints nothing, and its job has the answer of the BMC', async () => {
    expect(await prints(...call('send_raw', '--arg', 'raw_bytes=0x06 0x01'))).toBe('');
    expect(await job()).toMatchObject({
      state: 'succeeded',
      result: { completion_code: 0, hex: '00 03 09 08 02 9f 91 12 00 02 0f 00 00 00 00' },
    });
  });

  it('bmc_reset takes the words of Ironic', async () => {
    expect(await prints(...call('bmc_reset', '--arg', 'warm=false'))).toBe('');
    expect(await job()).toMatchObject({ state: 'succeeded', result: { reset: 'cold' } });
  });

  it('node power on and off', async () => {
    for (const [words, state] of [
      [['on'], 'power on'],
      [['off'], 'power off'],
    ] as const) {
      await prints('node', 'power', ...words, 'ipmi-1');
      expect(await job()).toMatchObject({ state: 'succeeded' });
      const shown = await shows('node', 'show', 'ipmi-1', '--fields', 'power_state', 'last_error');
      expect(shown).toEqual({ power_state: state, last_error: null });
    }
    expect(sim.changes()).toEqual(['power 1', 'power 0']);
  });

  it('node boot device', async () => {
    await prints('node', 'boot', 'device', 'set', 'ipmi-1', 'cdrom');
    expect(await shows('node', 'boot', 'device', 'show', 'ipmi-1')).toEqual({
      boot_device: 'cdrom',
      persistent: false,
    });
    expect(await prints('node', 'boot', 'device', 'show', 'ipmi-1', '--supported')).toMatch(
      /pxe.*disk.*cdrom.*bios.*safe/s,
    );
  });

  it('an interrupt that the BMC refuses prints its words', async () => {
    expect(await complains('node', 'inject', 'nmi', 'ipmi-1')).toMatch(
      /^IPMI call failed: chassis power diag\. The BMC refuses it .*Invalid data field in request.*HTTP 500/ms,
    );
  });

  it('refused calls print a message', async () => {
    const [bytes, word] = await Promise.all([
      complains(...call('send_raw', '--arg', 'raw_bytes=0x06 0x01 -H 127.0.0.9')),
      complains(...call('bmc_reset', '--arg', 'warm=banana')),
    ]);
    expect(bytes).toMatch(/"-H" is not a byte.*HTTP 400/s);
    expect(word).toMatch(/it may be true or false.*HTTP 400/s);
  });
});
