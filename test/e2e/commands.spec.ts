import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { commandEnvironment } from '../support/command.js';
import { createNode, readJob, watchedNode } from '../support/passthru.js';
import { Proxy } from '../support/proxy.js';
import { block } from '../support/readme.js';
import { describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';

const PROGRAM = resolve(import.meta.dirname, '../../bin/ferrule.mjs');

/** A command that runs in a folder of its own. */
class Running {
  stdout = '';
  stderr = '';

  constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
  }

  async ended(): Promise<this & { code: number | null }> {
    if (this.child.exitCode === null) await once(this.child, 'close');
    return Object.assign(this, { code: this.child.exitCode });
  }
}

describe('the commands for calls and jobs', () => {
  let directory: DataDirectory;
  let watch: WatchFile;
  let [first, second]: Service[] = [];
  let folder: string;
  let node: string;
  beforeAll(async () => {
    directory = await dataDirectory();
    watch = new WatchFile(directory.path);
    const env = { ...watch.env, FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,watched-hardware' };
    first = await directory.start({ ...env, FERRULE_HOSTNAME: 'first' });
    second = await directory.start({ ...env, FERRULE_HOSTNAME: 'second' });
    node = await createNode(first.http, { name: 'rack7-u12' });
  });
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'ferrule-commands-'))));
  afterEach(() => rm(folder, { recursive: true }));
  afterAll(() => directory.dispose());

  const service = (which: Service | undefined = first): Service => {
    if (which === undefined) throw new Error('The service was not started.');
    return which;
  };

  function begin(args: readonly string[], url = service().http.base): Running {
    const env = commandEnvironment({ FERRULE_URL: url });
    return new Running(
      spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  const ferrule = (...args: string[]) => begin(args).ended();

  const startedJob = async (gate: string, extra: string[] = []): Promise<string> => {
    const target = await watchedNode(service().http);
    const args = ['call', target, 'watch_job', '--arg', `gate=${gate}`, ...extra, '--no-wait'];
    return (await ferrule(...args)).stdout.trim();
  };

  it('print the result alone, and take the verb that the method has', async () => {
    const done = await ferrule('call', 'rack7-u12', 'report_progress', '--arg', 'steps=2');
    expect(done).toMatchObject({ code: 0, stdout: '{\n  "steps": 2\n}\n' });
    expect(done.stderr).toMatch(/^Job [\da-f-]{36}\n[^]*succeeded\.\n$/);
    const noted = await ferrule('call', 'rack7-u12', 'note', '--arg', 'key=a', '--arg', 'value={"b":[1]}');
    expect(noted).toMatchObject({ code: 0, stderr: '' });
    const internal = (await service().http.get(`/v1/nodes/${node}?fields=driver_internal_info`)).json();
    expect(internal).toMatchObject({ driver_internal_info: { a: { b: [1] } } });
  });

  it.each([
    [3, ['fail'], /failed: VendorPassthruException: .*the fake driver was asked to fail\.?\n$/],
    [3, ['fail_sync'], /^POST .*fail_sync: 500: .*asked to fail\n$/],
    [4, ['sleep_sync', '--arg', 'seconds=9'], /504: .*ran past its time limit/],
    [6, ['nonesuch'], /400: No handler for method nonesuch/],
    [6, ['work', '--arg', 'milliseconds=x'], /400: Invalid parameter 'milliseconds'/],
    [2, [], /missing required argument 'method'/],
    [2, ['work', '--arg', 'x'], /--arg takes NAME=VALUE/],
    [2, ['work', '--wait-for-lock', 'long'], /--wait-for-lock takes seconds/],
  ])('end with %s for %j', async (code, args, message) => {
    const ran = await ferrule('call', 'rack7-u12', ...args);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(message);
  });

  it('print what a terminal would obey as text', async () => {
    const ran = await ferrule('call', 'rack7-u12', 'fail', '--arg', 'message="a\\u001b[2Jb"');
    expect(ran.stderr).toContain('a\\u001b[2Jb');
    expect(ran.stderr).not.toContain('\u001b');
  });

  it('save files, and never over another one', async () => {
    await ferrule('call', 'rack7-u12', 'log', '--arg', 'lines=1');
    const second = await ferrule('call', 'rack7-u12', 'collect_log', '--arg', 'lines=2');
    expect(second).toMatchObject({ code: 0, stdout: '' });
    expect(second.stderr).toMatch(/bytes are in node-1\.log\.\n$/);
    expect((await readdir(folder)).sort()).toEqual(['node-1.log', 'node.log']);
    await ferrule('call', 'rack7-u12', 'log', '--arg', 'lines=3', '--force');
    const lines = async (name: string) =>
      (await readFile(join(folder, name), 'utf8')).trim().split('\n').length;
    expect([await lines('node.log'), await lines('node-1.log')]).toEqual([3, 2]);
    const printed = await ferrule('call', 'rack7-u12', 'log', '--out', '-');
    expect(printed).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^1 node .*fine\n$/s),
    });
  });

  it('call nothing when the result could not be written', async () => {
    const target = await watchedNode(service().http);
    const ran = await ferrule('call', target, 'watch', '--arg', 'id=unwritten', '--out', 'none/x');
    expect(ran).toMatchObject({ code: 1, stderr: 'The file none/x cannot be written: ENOENT.\n' });
    expect(watch.has('begin', 'unwritten')).toBe(false);
  });

  it('call nothing when the connection is lost before the call', async () => {
    const target = await watchedNode(service().http);
    const proxy = await Proxy.to({ host: '127.0.0.1', port: Number(new URL(service().http.base).port) });
    try {
      proxy.loseNextAnswer(/GET \S+\/methods/, 'by a cut');
      const args = ['call', target, 'watch', '--arg', 'id=uncalled'];
      const ran = await begin(args, `http://127.0.0.1:${proxy.port}`).ended();
      expect(ran).toMatchObject({ code: 7, stderr: expect.stringMatching(/Nothing was called\.\n$/) });
      expect(watch.has('begin', 'uncalled')).toBe(false);
    } finally {
      await proxy.close();
    }
  });

  it('make a call once whose answer was lost', async () => {
    const target = await watchedNode(service().http);
    const proxy = await Proxy.to({ host: '127.0.0.1', port: Number(new URL(service().http.base).port) });
    try {
      proxy.loseNextAnswer(/POST \S+\/watch/, 'by a cut');
      const args = ['call', target, 'watch', '--arg', 'id=once'];
      const ran = await begin(args, `http://127.0.0.1:${proxy.port}`).ended();
      expect(ran.code).toBe(0);
      expect(JSON.parse(ran.stdout)).toMatchObject({ id: 'once' });
      expect(ran.stderr).toContain('it is made once');
      expect(watch.begun().get('once')).toBe(1);
    } finally {
      await proxy.close();
    }
  });

  it('follow a job of any process over lost connections', async () => {
    const gate = watch.gate();
    const job = await startedJob(gate.path);
    const proxy = await Proxy.to({
      host: '127.0.0.1',
      port: Number(new URL(service(second).http.base).port),
    });
    try {
      const resumed = proxy.count(/Last-Event-ID: [^\r]+/i);
      const following = begin(['jobs', 'follow', job], `http://127.0.0.1:${proxy.port}`);
      await until(() => following.stderr.includes('running'));
      proxy.cut();
      await until(() => resumed() > 0);
      gate.open();
      const ran = await following.ended();
      expect(ran.code).toBe(0);
      expect(JSON.parse(ran.stdout)).toMatchObject({ fence: expect.any(Number) });
      expect(ran.stderr.match(/^running$/gm)).toHaveLength(1);
    } finally {
      await proxy.close();
    }
  });

  it('leave the job alone at Ctrl-C, and cancel it when asked to', async () => {
    const gate = watch.gate();
    const target = await watchedNode(service().http);
    const following = begin(['call', target, 'watch_job', '--arg', `gate=${gate.path}`]);
    await until(() => following.stderr.includes('running'));
    following.child.kill('SIGINT');
    const ran = await following.ended();
    expect(ran).toMatchObject({ code: 130, stdout: '' });
    const [, job = ''] = /To cancel it: ferrule jobs cancel ([\da-f-]{36})\n$/.exec(ran.stderr) ?? [];
    expect((await readJob(service().http, `/v1/jobs/${job}`)).state).toBe('running');

    expect(await ferrule('jobs', 'cancel', job, '--wait')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/: cancelled: JobCancelled/),
    });
    expect((await ferrule('jobs', 'follow', job)).code).toBe(4);
    expect(await ferrule('jobs', 'cancel', job)).toMatchObject({ code: 0 });
  });

  it('end with the state of a job that is not cancelled any more', async () => {
    const id = (await ferrule('call', 'rack7-u12', 'fail', '--no-wait')).stdout.trim();
    expect((await ferrule('jobs', 'follow', id)).code).toBe(3);
    expect(await ferrule('jobs', 'cancel', id)).toMatchObject({ code: 6, stdout: '' });
  });

  it('list jobs, the newest first', async () => {
    for (const steps of ['1', '2'])
      await ferrule('call', 'rack7-u12', 'report_progress', '--arg', `steps=${steps}`);
    const listed = await ferrule(
      'jobs',
      '--method',
      'report_progress',
      '--state',
      'succeeded',
      '--limit',
      '2',
    );
    const [head, ...rows] = listed.stdout.trim().split('\n');
    expect(head).toMatch(/^ID +STATE +NODE +METHOD +CALLER +CREATED \(UTC\) +PROGRESS$/);
    expect(rows.map((row) => row.split(/ {2,}/).at(-1))).toEqual(['100% step 2 of 2', '100% step 1 of 1']);
    const json = JSON.parse(
      (await ferrule('jobs', '--node', 'rack7-u12', '--limit', '1', '--json')).stdout,
    ) as unknown[];
    expect(json).toEqual([expect.objectContaining({ method: 'report_progress', result: { steps: 2 } })]);
    expect(await ferrule('jobs', '--state', 'lost')).toMatchObject({ code: 6, stdout: '' });
    expect(await ferrule('jobs', '--state', 'failed', 'show', node)).toMatchObject({ code: 2 });
    expect((await ferrule('jobs', 'show', node, '--json')).stderr).toContain(
      `Job ${node} could not be found`,
    );
  });

  it.each([[['call', '', 'sleep']], [['jobs', 'show', '']], [['locks', 'break', ' ']]])(
    'refuse an empty name: %j',
    async (words) => {
      const stderr: unknown = expect.stringMatching(/^error: .* It is empty\.\n/);
      expect(await ferrule(...words)).toMatchObject({ code: 2, stdout: '', stderr });
    },
  );

  it.each([[['jobs']], [['jobs', 'follow', 'a']]])('say where no service is: %j', async (words) => {
    const ran = await begin(words, 'http://127.0.0.1:1').ended();
    expect(ran).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringMatching(/nothing listens there/),
    });
  });

  describeWithProgram('script')('on a terminal', () => {
    it('draw over one line, and leave the result', async () => {
      const gate = watch.gate();
      const target = await watchedNode(service().http);
      const command = `'${process.execPath}' '${PROGRAM}' call ${target} watch_job --arg gate=${gate.path}`;
      const env = commandEnvironment({ FERRULE_URL: service().http.base, TERM: 'xterm' });
      const args = ['--quiet', '--return', '--command', command, '/dev/null'];
      const shown = new Running(spawn('script', args, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] }));
      await until(() => shown.stdout.includes('\r\u001b[K\u001b[?7lrunning\u001b[?7h'));
      gate.open();
      const ran = await shown.ended();
      expect(ran.code).toBe(0);
      expect(ran.stdout.split('\r\u001b[K').at(-1)).toMatch(/^Job [\da-f-]{36}: succeeded\.\r\n\{/);
    });
  });

  it('do what the README shows', async () => {
    await writeFile(join(folder, 'password.txt'), 'not-shown\n');
    const script = [
      'set -euo pipefail',
      `ferrule() { '${process.execPath}' '${PROGRAM}' "$@"; }`,
      block('From the command line', 'sh'),
    ].join('\n');
    const env = commandEnvironment({ FERRULE_URL: service().http.base });
    const options = { cwd: folder, env, timeout: 100_000 };
    const { stdout } = await promisify(execFile)('bash', ['-c', script], options);
    expect(stdout).toContain('"steps": 3');
    expect(stdout).toContain('Nothing was done.');
    expect(stdout).toContain('"password": "******"');
    expect(stdout).not.toContain('not-shown');
    expect(stdout).toContain('"site": "nowhere"');
    expect(stdout).toMatch(/state +cancelled/);
    expect((await readdir(folder)).sort()).toEqual(['collected.log', 'node.log', 'password.txt']);
  });
});
