import { resolve } from 'node:path';
import { startApp, type TestApp } from '../../support/app.js';
import { type Answer } from '../../support/http-client.js';
import { until } from '../../support/until.js';
import { call, createNode, ended, fields, type JobDocument, jobOf } from '../../support/passthru.js';

const MIB = 1_048_576;
const ODD: readonly (readonly [name: string, text: string, problem: string])[] = [
  ['nul', 'a\0b', 'has a NUL character'],
  ['half a character', 'a\ud800b', 'has a lone surrogate'],
];

describe('what a careless driver hands in', () => {
  let app: TestApp;
  let node: string;
  beforeAll(async () => {
    app = await startApp({
      FERRULE_DRIVER_ROOT: resolve(import.meta.dirname, '../../fixtures'),
      FERRULE_ENABLED_HARDWARE_TYPES: 'rough-hardware',
    });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    node = await createNode(app.http, { driver: 'rough-hardware', vendor_interface: 'rough' });
  });

  const run = async (method: string, args: object): Promise<JobDocument> =>
    ended(app.http, jobOf(await call(app.http, node, method, args)));
  const fileOf = ({ id }: JobDocument): Promise<Answer> => app.http.get(`/v1/jobs/${id}/attachment`);

  it.each([
    ['give', 9 * MIB, 'it returned more than 8 MiB, the limit.'],
    ['give_file', 17 * MIB, 'it returned 17 MiB; the limit is 16 MiB.'],
  ])('is an error if the result of %s is too large, sync and async', async (method, size, message) => {
    const answer = (await call(app.http, node, method, { size })).expect(500);
    expect(answer.fault.faultstring).toBe(`Vendor passthru method '${method}' ran, but ${message}`);
    const job = await run(`${method}_job`, { size });
    expect(job).toMatchObject({ state: 'failed', error: { code: 'ResultTooLarge' } });
    expect(job.error?.message).toContain(message);
    expect(await fields(app.http, node, 'reservation')).toEqual({ reservation: null });
  });

  it('is an error if its result has too many members', async () => {
    expect(await run('give_members_job', { size: 300_000 })).toMatchObject({
      state: 'failed',
      error: {
        code: 'ResultTooLarge',
        message: expect.stringContaining('more than 100000 members and items'),
      },
    });
    expect((await run('give_members_job', { size: 30_000 })).result).toHaveLength(30_000);
  });

  it('times out if it is a job that ran past its time limit and was stopped', async () => {
    expect(await run('late_job', {})).toMatchObject({
      state: 'timed-out',
      error: { code: 'MethodTimeout' },
    });
  });

  it('is cut if it is the long message of an error', async () => {
    const { state, error } = await run('fail_long_job', { size: 40_000_000 });
    expect(state).toBe('failed');
    expect(error?.message).toBe(
      "Vendor passthru method 'fail_long_job' failed: (a text of 40000000 characters, too long to show)",
    );
  });

  it.each([
    ['wrong-horse', 400, 'The BMC refuses ******.'],
    ['frozen-horse', 400, 'The BMC refuses ******.'],
    ['broken-horse', 500, 'failed: cannot read ******'],
    ['later-horse', 500, 'failed: cannot await ******'],
    ['odd-status-horse', 500, 'failed: no ******'],
    ['null-horse', 500, 'failed: null'],
    ['proxy-horse', 500, 'failed: it threw a value without a message'],
  ])(
    'has its secrets masked if it is an error of the check of a node: %s',
    async (password, status, text) => {
      const refused = await createNode(app.http, {
        driver: 'rough-hardware',
        vendor_interface: 'rough',
        driver_info: { rough_password: password },
      });
      const answer = (await call(app.http, refused, 'give', {})).expect(status);
      const check = `The check of node ${refused} by driver rough-hardware`;
      expect(answer.fault.faultstring).toBe(status === 400 ? text : `${check} ${text}`);
      const validated = (await app.http.get(`/v1/nodes/${refused}/validate`)).expect(200);
      const { power, management } = validated.json<Record<string, unknown>>();
      expect([power, management]).toEqual([expect.objectContaining({ result: false }), power]);
      expect(validated.text).toContain(text);
      const lines = app.log.entries.filter((entry) => entry.includes(`The check of node ${refused}`));
      const expected = [answer, validated].map(({ headers }): unknown =>
        expect.stringContaining(
          `${String(headers['openstack-request-id'])}: ${check} of driver-rough@1.0.0 ${text}`,
        ),
      );
      expect(lines.map((entry) => entry.split('\n')[0])).toEqual(status === 400 ? [] : expected);
      expect(app.log.text).not.toContain(password);
    },
  );

  it('has its secrets masked if it deleted them from the node and the arguments, sync and async', async () => {
    const [own, given] = ['secret-of-the-node', 'secret-of-the-call'];
    const forgetful = await createNode(app.http, {
      driver: 'rough-hardware',
      vendor_interface: 'rough',
      driver_info: { rough_password: own },
    });
    const args = { auth: { password: given } };
    const message = 'failed: no login with ****** or ******';
    const answer = (await call(app.http, forgetful, 'forget', args)).expect(500);
    expect(answer.fault.faultstring).toContain(message);
    const job = await ended(app.http, jobOf(await call(app.http, forgetful, 'forget_job', args)));
    expect(job.error?.message).toContain(message);
    const { last_error: lastError } = await fields(app.http, forgetful, 'last_error');
    expect(lastError).toContain(message);
    expect(app.log.text).toContain(message);
    for (const secret of [own, given]) expect(app.log.text).not.toContain(secret);
    // The check of the node deletes the password, too.
    const members = (await call(app.http, forgetful, 'tell_members')).expect(200);
    expect(members.json()).toEqual(['rough_password']);
  });

  it.each(['message', 'status', 'code'])(
    'ends its job and frees the node if the %s of its error changes while it is read',
    async (member) => {
      for (let reads = 0; reads < 8; reads++) {
        const { state, error } = await run('fail_changing_job', { member, reads });
        expect({ state, reads }).toEqual({ state: 'failed', reads });
        expect(error?.message).toMatch(/^(busy|Vendor passthru method 'fail_changing_job' failed: .+)$/);
      }
      expect(await fields(app.http, node, 'reservation')).toEqual({ reservation: null });
    },
  );

  it('arrives if it is large, sync and async', async () => {
    const [text, file] = [7 * MIB, 15 * MIB];
    expect((await call(app.http, node, 'give', { size: text })).expect(200).json()).toHaveLength(text);
    expect((await run('give_job', { size: text })).result).toHaveLength(text);
    expect((await call(app.http, node, 'give_file', { size: file })).expect(200).bytes).toHaveLength(file);
    expect((await fileOf(await run('give_file_job', { size: file }))).bytes).toHaveLength(file);
  });

  it('makes pages of jobs end early when their results are large', async () => {
    for (let job = 0; job < 3; job++) await run('give_job', { size: 5 * MIB });
    const sizes = [];
    let path: string | undefined = `/v1/jobs?node=${node}`;
    while (path !== undefined) {
      const answer: Answer = await app.http.get(path);
      const { jobs, next } = answer.expect(200).json<{ jobs: JobDocument[]; next?: string }>();
      sizes.push(jobs.map(({ result }) => String(result).length / MIB));
      path = next?.slice(app.http.base.length);
    }
    expect(sizes).toEqual([[5, 5], [5]]);
  });

  it.each(ODD)(
    'is an error that names the key when it would store %s with a node',
    async (odd, _, problem) => {
      const answer = (await call(app.http, node, 'save_odd', { odd })).expect(500);
      expect(answer.fault.faultstring).toContain(`saveInternalInfo is to store ${problem}`);
      expect(answer.fault.faultstring).toContain('at kept.inner');
    },
  );

  it('is removed from the internal info of its node if it is an undefined member', async () => {
    (await call(app.http, node, 'save_and_remove')).expect(200);
    expect(await fields(app.http, node, 'driver_internal_info')).toEqual({
      driver_internal_info: { second: {}, third: 3, fourth: 4 },
    });
  });

  it.each([
    ['save_text', 600_000],
    ['save_members', 6_000],
  ])('is an error if %s would store too much in all, and can be removed again', async (method, size) => {
    const save = (name: string, length: number) => call(app.http, node, method, { name, size: length });
    const saved = () => fields(app.http, node, 'driver_internal_info');
    (await save('a', size)).expect(200);
    const before = await saved();
    const answer = (await save('b', size)).expect(500);
    expect(answer.fault.faultstring).toContain('stores at most 1 MiB and 10000 members and items in all');
    expect(await saved()).toEqual(before);
    (await save('a', 0)).expect(200);
    (await save('b', size)).expect(200);
  });

  it('is logged with method and package when a method that nobody waits for stores nothing', async () => {
    (await call(app.http, node, 'save_unawaited')).expect(200);
    const line = 'saveInternalInfo of vendor:rough.save_unawaited of driver-rough@1.0.0 stored nothing: ';
    await until(() => app.log.entries.some((entry) => entry.startsWith(line)));
  });

  it('is an error if its own JSON cannot be stored with a node', async () => {
    const answer = (await call(app.http, node, 'save_own_json')).expect(500);
    expect(answer.fault.faultstring).toContain('saveInternalInfo is to store has a NUL character at kept');
  });

  it.each(ODD)('is kept as it is in results and errors: %s', async (odd, text) => {
    expect(await run('give_odd_job', { odd })).toMatchObject({
      state: 'succeeded',
      result: { [text]: text },
    });
    const failed = await run('fail_odd_job', { odd });
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'VendorPassthruException' } });
    expect(failed.error?.message).toContain(`failed: ${text.toWellFormed()}`);
  });

  it.each(ODD)('is an error when it is the name of a file: %s', async (odd, _, problem) => {
    const job = await run('give_odd_file_job', { odd });
    expect(job).toMatchObject({ state: 'failed', error: { code: 'VendorPassthruException' } });
    expect(job.error?.message).toContain(`its attachment's filename ${problem}`);
  });
});
