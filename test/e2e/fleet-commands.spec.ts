import { execFile, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Child } from '../support/child.js';
import { commandEnvironment } from '../support/command.js';
import { freePort } from '../support/free-port.js';
import { call, createNode, jobOf, readJob } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';

const PROGRAM = resolve(import.meta.dirname, '../../bin/ferrule.mjs');

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the commands for fleet calls', () => {
  let directory: DataDirectory;
  let service: Service;
  beforeAll(async () => {
    directory = await dataDirectory();
    service = await directory.start();
    for (const name of ['a1', 'a2', 'a3']) await createNode(service.http, { name, shard: 'east' });
  });
  afterAll(() => directory.dispose());

  async function ferrule(...args: string[]): Promise<Ran> {
    const env = commandEnvironment({ FERRULE_URL: service.http.base });
    const run = promisify(execFile)(process.execPath, [PROGRAM, ...args], { env, timeout: 60_000 });
    return run.then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: unknown) => error as Ran,
    );
  }

  it('make one, follow it to its end, and list it', async () => {
    const ran = await ferrule(
      ...['fleet-call', 'report_progress', '--filter', 'shard=east', '--arg', 'steps=2'],
      ...['--canary', '1', '--parallel', '2', '--stop-after', '50%'],
    );
    expect(ran.code).toBe(0);
    const [, id = ''] = /^Fleet call ([\da-f-]{36})\n/.exec(ran.stderr) ?? [];
    expect(ran.stdout).toBe(`Fleet call ${id} of report_progress is finished: 3 nodes, 3 succeeded.\n`);
    const document = (await service.http.get(`/v1/fleet_calls/${id}`)).json();
    expect(document).toMatchObject({
      canary: 1,
      parallelism: 2,
      stop_after: '50%',
      filter: { shard: 'east' },
    });
    expect((await ferrule('fleet-calls')).stdout).toMatch(
      new RegExp(`^ID .*\\n${id} +finished +report_progress +3 +3 `, 'm'),
    );
    expect(JSON.parse((await ferrule('fleet-calls', 'show', id, '--json')).stdout)).toEqual(document);
    const paused = await ferrule('fleet-calls', 'pause', id);
    expect(paused.code).toBe(6);
    expect(paused.stderr).toContain('is finished, so it cannot be paused');
  });

  it('pause, resume and cancel', async () => {
    const nodes = ['--node', 'a1', '--node', 'a2', '--parallel', '1'];
    const made = await ferrule('fleet-call', 'sleep', '--arg', 'seconds=60', ...nodes, '--no-wait');
    const id = made.stdout.trim();
    expect((await ferrule('fleet-calls', 'pause', id)).stdout).toContain('is paused: 2 nodes');
    expect((await ferrule('fleet-calls', 'resume', id)).stdout).toContain('is running: 2 nodes');
    expect((await ferrule('fleet-calls', 'cancel', id)).code).toBe(0);
    const followed = await ferrule('fleet-calls', 'follow', id);
    expect(followed.code).toBe(4);
    expect(followed.stdout).toContain('is cancelled: 2 nodes');
  });

  it('follow one over a restart of the service', async () => {
    const job = jobOf(await call(service.http, 'a3', 'sleep', { seconds: 600 }));
    await until(async () => (await readJob(service.http, job)).state === 'running');
    const env = { FERRULE_PORT: String(await freePort()), FERRULE_HOSTNAME: 'other' };
    const other = await directory.start(env);
    const made = await ferrule('fleet-call', 'report_progress', '--node', 'a3', '--no-wait');
    const following = new Child(
      spawn(process.execPath, [PROGRAM, 'fleet-calls', 'follow', made.stdout.trim()], {
        env: commandEnvironment({ FERRULE_URL: other.http.base }),
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    await until(() => following.complaints.includes('1 waiting'));
    await other.stop();
    await directory.start(env);
    (await service.http.delete(job)).expect(202);
    expect(await following.ended()).toBe(0);
  });

  it('show what failed', async () => {
    const ran = await ferrule('fleet-call', 'fail', '--node', 'a1', '--node', 'a2', '--parallel', '1');
    expect(ran.code).toBe(3);
    expect(ran.stdout).toMatch(
      /is stopped: 2 nodes.*\n1 of 2 nodes did not succeed, and stop_after is 1\.\n/,
    );
    expect(ran.stdout).toMatch(/^[\da-f-]{36} failed \(job [\da-f-]{36}\): .*asked to fail/m);
  });

  it('say in a dry run what would become of it', async () => {
    const ran = await ferrule('fleet-call', 'report_progress', '--filter', 'all', '--dry-run');
    expect(ran).toMatchObject({
      code: 0,
      stdout: '3 nodes: 3 would get a job, 0 would be refused, 0 locked now.\n',
    });
  });

  it.each([
    [2, ['report_progress'], /takes --node, once for each node, or --filter/],
    [2, ['report_progress', '--filter', 'east'], /--filter takes NAME=VALUE/],
    [
      2,
      ['report_progress', '--filter', 'all', '--canary', 'few'],
      /--canary takes a whole number, not 'few'/,
    ],
    [
      2,
      ['report_progress', '--filter', 'all', '--stop-after', 'many'],
      /--stop-after takes a whole number, a share such as 5%, or never, not 'many'/,
    ],
    [6, ['report_progress', '--node', 'nonesuch'], /400: Invalid nodes: 1 node could not be found: nonesuch/],
    [6, ['report_progress', '--filter', 'all', '--stop-after', '101%'], /400: Invalid stop_after/],
  ])('end with %s for %j', async (code, args, message) => {
    const ran = await ferrule('fleet-call', ...args);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(message);
  });
});
