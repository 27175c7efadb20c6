import { checkNode } from '../../../src/cli/doctor/checks/node.js';
import { setUp } from '../../../src/setup.js';
import { startApp, type TestApp } from '../../support/app.js';
import { IpmiSim } from '../../support/ipmi-sim.js';
import { call, ended, fields, type JobDocument, jobOf, unlocked } from '../../support/passthru.js';
import { pidsOf } from '../../support/processes.js';
import { describeWithProgram } from '../../support/require.js';
import { until } from '../../support/until.js';

describeWithProgram('ipmitool', 'ipmi_sim')('nodes with the driver ipmi', () => {
  let sim: IpmiSim;
  let app: TestApp;
  let node: string;
  beforeAll(async () => {
    sim = await IpmiSim.start();
    app = await startApp({
      FERRULE_ENABLED_HARDWARE_TYPES: 'ipmi',
      FERRULE_IPMI_MIN_COMMAND_INTERVAL: '0',
      // An ipmitool without an answer must not give up before it is killed.
      FERRULE_IPMI_ANSWER_TIMEOUT: '60',
      FERRULE_BMC_NETWORKS: '127.0.0.0/8',
      FERRULE_LOG_LEVEL: 'debug',
    });
    node = await createNode({});
  });
  afterAll(async () => {
    await app?.close();
    await sim?.stop();
  });

  async function createNode(info: Record<string, unknown>): Promise<string> {
    const body = { driver: 'ipmi', driver_info: { ...sim.driverInfo, ...info } };
    return (await app.http.post('/v1/nodes', body)).expect(201).json<{ uuid: string }>().uuid;
  }

  async function run(method: string, args: object, of = node): Promise<JobDocument> {
    return ended(app.http, jobOf(await call(app.http, of, method, args)));
  }

  it('have the methods of Ironic, in its words', async () => {
    const listed = (await app.http.get(`/v1/nodes/${node}/vendor_passthru/methods`)).expect(200).json();
    const common = { async: true, attach: false, http_methods: ['POST'], require_exclusive_lock: true };
    expect(listed).toMatchObject({
      bmc_reset: {
        ...common,
        description:
          "Reset the BMC. Required argument: 'warm' (Boolean) - for warm (True) or cold (False) reset.",
      },
      send_raw: {
        ...common,
        description:
          "Send raw bytes to the BMC. Required argument: 'raw_bytes' - a string of raw bytes (e.g. '0x00 0x01').",
      },
    });
    expect(Object.keys(listed as object).sort()).toEqual(['bmc_reset', 'send_raw']);
  });

  it.each([['0x06 0x01'], ['6 1'], [[6, 1]]])('send_raw of %j has the answer as its result', async (raw) => {
    expect(await run('send_raw', { raw_bytes: raw })).toMatchObject({
      state: 'succeeded',
      result: {
        completion_code: 0,
        bytes: [0, 3, 9, 8, 2, 0x9f, 0x91, 0x12, 0, 2, 0xf, 0, 0, 0, 0],
        hex: '00 03 09 08 02 9f 91 12 00 02 0f 00 00 00 00',
        text: '...............',
      },
    });
  });

  it('send_raw that the BMC refuses is a failed job, and the last error of the node', async () => {
    const job = await run('send_raw', { raw_bytes: '0x30 0x01' });
    expect(job).toMatchObject({ state: 'failed', error: { code: 'IPMIFailure' } });
    expect(job.error?.message).toMatch(/^IPMI call failed: raw 0x30 0x01\. The BMC refuses it/);
    const { last_error: told } = await fields(app.http, node, 'last_error');
    expect(told).toBe(`Async execution of send_raw failed with error: ${job.error?.message}`);
  });

  it.each([
    [400, {}, "Parameter 'raw_bytes' not passed to method 'send_raw'."],
    [400, { raw_bytes: 'banana' }, '"banana" is not a byte'],
    [400, { raw_bytes: '0x06 0x01 -H 127.0.0.9' }, '"-H" is not a byte'],
    [400, { raw_bytes: '' }, 'it needs a network function and a command'],
    [400, { raw_bytes: [6, 256] }, 'it must be a whole number from 0 to 255'],
    [
      403,
      { raw_bytes: '0x00 0x02 0x01' },
      'send_raw does not send the command 0x00/0x02: FERRULE_IPMI_RAW_DENY has 0x00/0x02.',
    ],
    [
      403,
      { raw_bytes: '6 0x47 2 2' },
      'send_raw does not send the command 0x06/0x47: its data are a password',
    ],
  ])('send_raw is refused with %d for %j, and leaves no lock', async (status, args, words) => {
    const answer = await call(app.http, node, 'send_raw', args);
    expect(answer.expect(status).fault.faultstring).toContain(words);
    expect(await fields(app.http, node, 'reservation')).toEqual({ reservation: null });
  });

  it.each([
    [{ warm: 'no' }, { state: 'succeeded', result: { reset: 'cold' } }],
    // ipmi_sim does not know it.
    [
      {},
      {
        state: 'failed',
        error: { message: expect.stringContaining('MC reset command failed: Invalid command') },
      },
    ],
  ])('bmc_reset of %j', async (args, expected) => {
    expect(await run('bmc_reset', args)).toMatchObject(expected);
  });

  it('bmc_reset of another word is 400, and not a cold reset', async () => {
    const answer = await call(app.http, node, 'bmc_reset', { warm: 'banana' });
    expect(answer.expect(400).fault.faultstring).toContain('it may be true or false, or one of: 1, t, true');
  });

  it.each([
    [
      { ipmi_address: undefined },
      "Missing the following IPMI credentials in node's driver_info: ['ipmi_address'].",
    ],
    [{ ipmi_address: '192.0.2.1' }, 'FERRULE_BMC_NETWORKS does not allow it.'],
  ])('a node with %j is refused', async (info, words) => {
    const other = await createNode(info);
    const answer = await call(app.http, other, 'send_raw', { raw_bytes: '6 1' });
    expect(answer.expect(400).fault.faultstring).toContain(words);
  });

  it('a cancelled job ends its hanging ipmitool, and its lock is free', async () => {
    sim.suspend();
    const job = jobOf(await call(app.http, node, 'send_raw', { raw_bytes: '6 1' }));
    const tools = (): number[] => pidsOf(` -p ${sim.port} `);
    await until(() => tools().length > 0);
    (await app.http.send('DELETE', job)).expect(202);
    await unlocked(app.http, node);
    expect(await ended(app.http, job)).toMatchObject({ state: 'outcome-unknown' });
    await until(() => tools().length === 0);
    sim.resume();
    expect(await run('send_raw', { raw_bytes: '6 1' })).toMatchObject({ state: 'succeeded' });
  });

  it('the doctor asks the BMC by ipmitool', async () => {
    const setup = await setUp({ FERRULE_ENABLED_HARDWARE_TYPES: 'ipmi', FERRULE_IPMI_ANSWER_TIMEOUT: '1' });
    const { connection } = app.database;
    expect(await checkNode(setup, connection, node)).toMatchObject([
      { level: 'ok', message: `The driver ipmi accepts the driver_info of node ${node}.` },
      {
        level: 'ok',
        message: expect.stringMatching(/^The BMC answers ipmitool \d[^;]*; its firmware is 9\.08\.$/),
      },
    ]);
    const other = await createNode({ ipmi_password: 'another-word' });
    expect(await checkNode(setup, connection, other)).toMatchObject([
      { level: 'ok' },
      { level: 'problem', message: expect.stringContaining('it refuses the credentials') },
    ]);
  });

  it('no secret is in the log', () => {
    expect(app.log.text).not.toContain(sim.password);
  });
});
