import { readFileSync } from 'node:fs';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import {
  BMC_REQUEST_CHANNEL,
  type BmcRequest,
  type JsonObject,
  OutcomeUnknown,
  type PowerState,
  type PowerTarget,
  ServiceSettings,
} from '@ferrule/driver-kit';
import {
  IpmiBmcs,
  type IpmiBootDevice,
  type IpmiCommand,
  Ipmitool,
  IpmitoolManagement,
  IpmitoolPower,
  IpmiSettings,
} from '@ferrule/driver-ipmi';
import { fakeTask } from '@ferrule/driver-testing';
import { IpmiSim, lossyWay, silentPort } from '../../support/ipmi-sim.js';
import { pidsOf } from '../../support/processes.js';
import { describeWithProgram } from '../../support/require.js';
import { until } from '../../support/until.js';

const DEVICE_ID: IpmiCommand = { words: ['raw', '0x06', '0x01'], operation: 'raw', isReading: false };
const STATUS: IpmiCommand = {
  words: ['chassis', 'power', 'status'],
  operation: 'chassis power status',
  isReading: true,
};
const DEVICE_ID_BYTES = ' 00 03 09 08 02 9f 91 12 00 02 0f 00 00 00 00\n';

function bmcs(settings: ConstructorParameters<typeof IpmiSettings>[0] = {}, networks?: string[]): IpmiBmcs {
  const made = new IpmiSettings({ minCommandInterval: '0', ...settings });
  return new IpmiBmcs(made, new Ipmitool(made), new ServiceSettings({ bmcNetworks: networks }));
}

const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => (error instanceof Error ? error : Promise.reject(new Error(String(error)))),
  );

/** The ipmitool processes that talk to a port. */
const toolsAt = (port: number): number[] => pidsOf(` -p ${port} `);

describeWithProgram('ipmitool', 'ipmi_sim')('the IPMI client with the real ipmitool', () => {
  let sim: IpmiSim;
  const requests: (BmcRequest & { readonly end: number })[] = [];
  const note = (message: unknown): void =>
    void requests.push({ ...(message as BmcRequest), end: performance.now() });
  beforeAll(async () => {
    sim = await IpmiSim.start();
    subscribe(BMC_REQUEST_CHANNEL, note);
  });
  afterAll(async () => {
    unsubscribe(BMC_REQUEST_CHANNEL, note);
    await sim?.stop();
  });
  beforeEach(() => requests.splice(0));

  const task = (info: JsonObject = {}) =>
    fakeTask({ driver: 'ipmi', driverInfo: { ...sim.driverInfo, ...info } });

  it('tries the cipher suites in turn, and remembers the one that the BMC accepts', async () => {
    const client = bmcs();
    expect(await client.run(task(), DEVICE_ID)).toBe(DEVICE_ID_BYTES);
    expect(await client.run(task(), DEVICE_ID)).toBe(DEVICE_ID_BYTES);
    const shown = { protocol: 'ipmi', operation: 'raw', address: `127.0.0.1 port ${sim.port}` };
    expect(requests).toMatchObject([
      { ...shown, outcome: 'rejected' },
      { ...shown, outcome: 'ok' },
      { ...shown, outcome: 'ok' },
    ]);
  });

  it('speaks IPMI 1.5', async () => {
    expect(await bmcs().run(task({ ipmi_protocol_version: '1.5' }), DEVICE_ID)).toBe(DEVICE_ID_BYTES);
  });

  it.each([
    [
      'a wrong password',
      { ipmi_password: 'another-secret' },
      /refuses the credentials \(RAKP 2 HMAC is invalid\)/,
    ],
    ['an unknown user', { ipmi_username: 'nobody' }, /refuses the credentials \(.*unauthorized name\)/],
    [
      'a wrong cipher suite',
      { ipmi_cipher_suite: 17 },
      /does not accept the cipher suite \(.*invalid authentication/,
    ],
    [
      'an unknown cipher suite',
      { ipmi_cipher_suite: '99' },
      /does not accept the cipher suite \(Unsupported cipher/,
    ],
  ])('says that it is %s, and no secret', async (_, info, words) => {
    const error = await failure(bmcs({ cipherSuites: '3' }).run(task(info), DEVICE_ID));
    expect(error).toMatchObject({ code: 'IPMIFailure', status: 500, failure: 'refused' });
    expect(error.message).toMatch(
      /^IPMI call failed: raw 0x06 0x01\. No session with the BMC at 127\.0\.0\.1 port \d+: /,
    );
    expect(error.message).toMatch(words);
    expect(error.message).not.toMatch(/secret/);
    expect(requests).toHaveLength(1);
  });

  it('tells the completion code of a BMC that refuses', async () => {
    const command = { ...DEVICE_ID, words: ['raw', '0x06', '0xee'] };
    const error = await failure(bmcs({ cipherSuites: '3' }).run(task(), command));
    expect(error).toMatchObject({
      code: 'IPMIFailure',
      details: { failure: 'refused', completion_code: 0xc1 },
    });
    expect(error.message).toContain('IPMI call failed: raw 0x06 0xee.');
    expect(error.message).toContain('Completion code 0xc1, it does not know this command.');
    expect(requests).toMatchObject([{ outcome: 'rejected', status: 0xc1 }]);
  });

  it('says that a BMC does not answer, and then knows that nothing was done', async () => {
    const silent = await silentPort();
    const client = bmcs({ cipherSuites: '3', answerTimeout: '1' });
    const error = await failure(client.run(task({ ipmi_port: silent.port }), DEVICE_ID));
    await silent.close();
    expect(error).toMatchObject({ code: 'IPMIFailure', failure: 'unreachable' });
    expect(error.message).toContain(`No answer from the BMC at 127.0.0.1 port ${silent.port}`);
  });

  describe('of an ipmitool that hangs', () => {
    let silent: Awaited<ReturnType<typeof silentPort>>;
    beforeAll(async () => {
      silent = await silentPort();
    });
    afterAll(() => silent.close());
    const hanging = { answerTimeout: '60' };

    it.each([
      [STATUS, { code: 'IPMIFailure', failure: 'timeout', problemStatus: 504 }],
      [DEVICE_ID, { code: 'OutcomeUnknown' }],
    ])('kills it at its time limit', async (command, expected) => {
      const client = bmcs({ ...hanging, commandTimeout: '1' });
      const error = await failure(client.run(task({ ipmi_port: silent.port }), command));
      expect(error).toMatchObject(expected);
      expect(error.message).toContain('ipmitool did not end within 1 s and was killed');
      await until(() => toolsAt(silent.port).length === 0);
    });

    it('kills it when its call ends, and shows secrets to nobody meanwhile', async () => {
      const secret = {
        ipmi_password: 'in-no-list',
        ipmi_hex_kg_key: '00aabbcc'.slice(2),
        ipmi_port: silent.port,
      };
      const calling = task(secret);
      const ended = failure(bmcs(hanging).run(calling, DEVICE_ID));
      await until(() => toolsAt(silent.port).some((pid) => wordsOf(pid)[0]?.endsWith('ipmitool')));
      const [pid = 0] = toolsAt(silent.port);
      const words = wordsOf(pid);
      expect(words.slice(1)).toEqual(
        `-I lanplus -H 127.0.0.1 -p ${silent.port} -L ADMINISTRATOR -U admin -C 17 -K -v -R 1 -N 60 -E -- raw 0x06 0x01`.split(
          ' ',
        ),
      );
      expect(environmentOf(pid)).toEqual({
        LC_ALL: 'C',
        POSIXLY_CORRECT: '1',
        IPMI_PASSWORD: 'in-no-list',
        IPMI_KGKEY: Buffer.from('aabbcc', 'hex').toString('latin1'),
        PWD: process.cwd(),
      });
      calling.abort(new Error('The job was cancelled.'));
      const error = await ended;
      expect(OutcomeUnknown.is(error)).toBe(true);
      expect(error.message).toMatch(/^The job was cancelled\. ipmitool was killed during "raw 0x06 0x01"/);
      await until(() => toolsAt(silent.port).length === 0);
    });
  });

  describe('power', () => {
    const power = (): IpmitoolPower => new IpmitoolPower(bmcs({ cipherSuites: '3' }));
    beforeEach(() => sim.forgetChanges());

    it.each<[PowerTarget, PowerState, string[]]>([
      ['power on', 'power on', ['power 1']],
      ['rebooting', 'power on', ['power 0', 'power 1']],
      ['soft rebooting', 'power on', ['shutdown 1', 'power 1']],
      ['soft power off', 'power off', ['shutdown 1']],
      ['power on', 'power on', ['power 1']],
      ['power off', 'power off', ['power 0']],
    ])('%s ends when the server is %s', async (target, state, changes) => {
      await power().setPowerState(task(), target);
      expect(await power().getPowerState(task())).toBe(state);
      expect(sim.changes()).toEqual(changes);
    });

    it('is changed once if the answer is lost, and nobody knows', async () => {
      const way = await lossyWay(sim);
      const lossy = new IpmitoolPower(bmcs({ cipherSuites: '3', answerTimeout: '2' }));
      const error = await failure(lossy.setPowerState(task({ ipmi_port: way.port }), 'power on'));
      await way.close();
      expect(OutcomeUnknown.is(error)).toBe(true);
      expect(error.message).toMatch(/^IPMI call failed: chassis power on\. It was sent .* and has no answer/);
      expect(sim.changes()).toEqual(['power 1']);
    });
  });

  describe('management', () => {
    const management = (): IpmitoolManagement => new IpmitoolManagement(bmcs({ cipherSuites: '3' }));
    beforeEach(() => sim.forgetChanges());

    it.each<[IpmiBootDevice, string]>([
      ['pxe', 'pxe'],
      ['disk', 'default'],
      ['cdrom', 'cdrom'],
      ['bios', 'bios'],
    ])('sets the boot device %s', async (device, name) => {
      await management().setBootDevice(task(), device, { persistent: false });
      expect(sim.changes()).toEqual([`boot ${name}`]);
      expect(await management().getBootDevice(task())).toEqual({ device, persistent: false });
    });

    it('says that the BMC refuses a boot device', async () => {
      const error = await failure(management().setBootDevice(task(), 'safe', { persistent: true }));
      expect(error).toMatchObject({ code: 'IPMIFailure', details: { completion_code: 0xff } });
    });

    it('sends a non-maskable interrupt, which ipmi_sim does not know', async () => {
      const error = await failure(management().injectNmi(task()));
      expect(error.message).toContain(
        'Set Chassis Power Control to Diag failed: Invalid data field in request',
      );
    });
  });

  it('gives commands to one BMC in turn', async () => {
    const client = bmcs({ cipherSuites: '3' });
    await Promise.all(['raw', 'raw', 'raw'].map(() => client.run(task(), DEVICE_ID)));
    const ends = requests.map(({ end }) => end);
    const begins = requests.map(({ end, milliseconds }) => end - milliseconds);
    expect(ends).toHaveLength(3);
    expect(begins.slice(1).map((begin, index) => begin >= (ends[index] ?? NaN))).toEqual([true, true]);
  });

  it('does not begin a command whose call ended while it waited for its turn', async () => {
    const client = bmcs({ cipherSuites: '3' });
    const waiting = task();
    const both = [client.run(task(), DEVICE_ID), failure(client.run(waiting, DEVICE_ID))] as const;
    await turnOfLoop();
    waiting.abort(new Error('Nobody waits.'));
    expect((await both[1]).message).toBe('Nobody waits.');
    await both[0];
    expect(requests).toHaveLength(1);
  });

  it('gives ipmitool the address of a name, and none outside of the allowed networks', async () => {
    const named = task({ ipmi_address: 'localhost' });
    expect(await bmcs({ cipherSuites: '3' }, ['127.0.0.0/8']).run(named, DEVICE_ID)).toBe(DEVICE_ID_BYTES);
    expect(requests).toMatchObject([{ address: `127.0.0.1 port ${sim.port}` }]);
    const error = await failure(bmcs({}, ['192.0.2.0/24']).run(named, DEVICE_ID));
    expect(error).toMatchObject({ code: 'InvalidParameterValue', status: 400 });
    expect(error.message).toMatch(
      /^Invalid IPMI address localhost \(.*127\.0\.0\.1.*\) .* FERRULE_BMC_NETWORKS does not allow it\.$/,
    );
    expect(requests).toHaveLength(1);
  });
});

function wordsOf(pid: number): string[] {
  return read(`/proc/${pid}/cmdline`);
}

function environmentOf(pid: number): Record<string, string> {
  return Object.fromEntries(
    read(`/proc/${pid}/environ`).map((each) => [each.split('=')[0] ?? '', each.slice(each.indexOf('=') + 1)]),
  );
}

function read(file: string): string[] {
  return readFileSync(file, 'latin1').split('\0').slice(0, -1);
}
