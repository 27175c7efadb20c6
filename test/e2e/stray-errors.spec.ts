import { resolve } from 'node:path';
import { call, createNode, fields, jobOf, readJob } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';

const ENV = {
  FERRULE_DRIVER_ROOT: resolve(import.meta.dirname, '../fixtures'),
  FERRULE_ENABLED_HARDWARE_TYPES: 'rough-hardware',
};
const SECRET = 'planted-secret';

describe('an error that a driver leaves behind', () => {
  let place: DataDirectory;
  let service: Service;
  let node: string;
  beforeAll(async () => (place = await dataDirectory()));
  // One each: of many errors a process logs one a second.
  beforeEach(async () => {
    service = await place.start(ENV);
    node = await createNode(service.http, {
      driver: 'rough-hardware',
      vendor_interface: 'rough',
      driver_info: { rough_password: SECRET },
    });
  });
  afterEach(() => place.stop());
  afterAll(() => place.dispose());

  const lineWith = (text: string): Record<string, unknown> | undefined => {
    const line = service.log.split('\n').find((each) => each.includes(text));
    return line === undefined ? undefined : (JSON.parse(line) as Record<string, unknown>);
  };

  it('as a rejected promise is logged with its package and without secrets, and the service goes on', async () => {
    (await call(service.http, node, 'leave_rejection')).expect(200);
    await until(() => lineWith('nobody waits for this') !== undefined);
    expect(lineWith('nobody waits for this')).toMatchObject({
      level: 'error',
      msg: expect.stringMatching(
        /^Nobody handled a rejected promise of driver-rough@1\.0\.0 during req-\S+: nobody waits for this; it knows \*{6}$/,
      ),
      stack: expect.stringMatching(/driver-rough\/index\.mjs:\d+/),
    });
    expect(service.log).not.toContain(SECRET);
    (await call(service.http, node, 'give', { size: 1 })).expect(200);
    expect(await service.stop()).toBe(0);
  });

  it('is one line a second if it is one of many', async () => {
    (await call(service.http, node, 'leave_rejections', { size: 5_000 })).expect(200);
    await until(() => lineWith('one of many') !== undefined);
    // The next interval tells how many were left out.
    await until(async () => {
      (await call(service.http, node, 'leave_rejections', { size: 1 })).expect(200);
      return lineWith('more since the last such line') !== undefined;
    });
    expect(service.log.match(/rejected promise/g)?.length).toBeLessThan(50);
  });

  it('is one line a second without secrets if it is a warning of the process', async () => {
    (await call(service.http, node, 'leave_warnings', { size: 1_000 })).expect(200);
    await until(() => lineWith('old firmware') !== undefined);
    expect(lineWith('old firmware')).toMatchObject({
      level: 'warn',
      msg: expect.stringMatching(
        /^Warning of driver-rough@1\.0\.0 during req-\S+: old firmware; it knows \*{6}$/,
      ),
    });
    expect(service.log.match(/old firmware; it knows \*+/g)?.length).toBeLessThan(50);
    expect(service.log).not.toContain(SECRET);
  });

  it('after the end of its call ends no other call', async () => {
    const other = await createNode(service.http, { driver: 'rough-hardware', vendor_interface: 'rough' });
    const job = jobOf(await call(service.http, other, 'wait_job', { milliseconds: 1_500 }));
    await until(async () => (await readJob(service.http, job)).state === 'running');
    (await call(service.http, node, 'leave_exception')).expect(200);
    await until(() => lineWith('nobody catches this') !== undefined);
    await until(async () => (await readJob(service.http, job)).state !== 'running');
    expect(await readJob(service.http, job)).toMatchObject({ state: 'succeeded', result: 'waited' });
  });

  it.each(['timer', 'promise'])(
    'in a %s ends its call as failed, also as the first of the process',
    async (how) => {
      const answer = await call(service.http, node, 'leave_meanwhile', { how });
      expect(answer.status).toBe(500);
      expect(answer.text).toContain("Vendor passthru method 'leave_meanwhile' failed");
      expect(service.log).not.toContain(SECRET);
      await until(async () => (await fields(service.http, node, 'reservation'))['reservation'] === null);
      expect(await service.stop()).toBe(0);
    },
  );

  it('in a timer ends its job as failed, and no other', async () => {
    const newNode = () => createNode(service.http, { driver: 'rough-hardware', vendor_interface: 'rough' });
    const begin = async (how: string) =>
      jobOf(await call(service.http, await newNode(), 'leave_meanwhile_job', { how }));
    const isRunning = async (job: string) => (await readJob(service.http, job)).state === 'running';
    const other = await begin('not at all');
    await until(() => isRunning(other));
    const faulty = await begin('timer');
    await until(async () => (await readJob(service.http, faulty)).state === 'failed');
    expect(await readJob(service.http, faulty)).toMatchObject({
      error: { message: "Vendor passthru method 'leave_meanwhile_job' failed: thrown in a timer" },
    });
    expect(await isRunning(other)).toBe(true);
    expect(lineWith('Nobody caught an exception')).toMatchObject({
      level: 'error',
      msg: expect.stringContaining('Nobody caught an exception of driver-rough@1.0.0'),
      stack: expect.stringMatching(/driver-rough\/index\.mjs:\d+/),
    });
  });

  it('as an exception is logged, and the service goes on', async () => {
    (await call(service.http, node, 'leave_exception')).expect(200);
    await until(() => lineWith('nobody catches this') !== undefined);
    expect(lineWith('nobody catches this')).toMatchObject({
      level: 'error',
      msg: expect.stringMatching(
        /^Nobody caught an exception of driver-rough@1\.0\.0 during req-\S+: nobody catches this$/,
      ),
    });
    (await call(service.http, node, 'give', { size: 1 })).expect(200);
    expect(await service.stop()).toBe(0);
  });
});

describe('an exception that is no driver’s', () => {
  let place: DataDirectory;
  beforeEach(async () => {
    place = await dataDirectory();
  });
  afterEach(() => place.dispose());

  it('is logged once, and the service stops in order with exit code 1', async () => {
    const code = "process.on('SIGUSR2', () => { throw new Error('nobody catches this'); })";
    const service = await place.start({
      ...ENV,
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}`,
    });
    const node = await createNode(service.http, { driver: 'rough-hardware', vendor_interface: 'rough' });
    const job = jobOf(await call(service.http, node, 'wait_job', { milliseconds: 1_500 }));
    await until(async () => (await readJob(service.http, job)).state === 'running');
    service.kill('SIGUSR2');
    expect(await service.ended()).toBe(1);
    expect(service.log.match(/Nobody caught an exception: nobody catches this/g)).toHaveLength(1);

    const next = await place.start(ENV);
    expect(await readJob(next.http, job)).toMatchObject({ state: 'succeeded', result: 'waited' });
    expect(await fields(next.http, node, 'reservation')).toEqual({ reservation: null });
  });
});
