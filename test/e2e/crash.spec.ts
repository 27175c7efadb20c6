import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type DataDirectory, dataDirectory } from '../support/service.js';
import { call, createNode, ended, fields, jobOf, readJob, unlocked } from '../support/passthru.js';
import { until } from '../support/until.js';

const LEASE = { FERRULE_LEASE: '5s' };

describe('after kill -9', () => {
  let directory: DataDirectory;
  beforeAll(async () => {
    directory = await dataDirectory();
  });
  afterEach(() => directory.stop());
  afterAll(() => directory.dispose());

  it('the outcome of a running job is unknown, and its node is free again', async () => {
    const first = await directory.start(LEASE);
    const node = await createNode(first.http);
    const path = jobOf(await call(first.http, node, 'sleep', { seconds: 600 }));
    await until(async () => (await readJob(first.http, path)).state === 'running');
    await first.stop('SIGKILL');

    const { http } = await directory.start(LEASE);
    const job = await ended(http, path);
    expect(job).toMatchObject({ state: 'outcome-unknown', result: null, error: { code: 'ConductorLost' } });
    await unlocked(http, node);
    const { last_error } = await fields(http, node, 'last_error');
    expect(last_error).toMatch(/^Async execution of sleep failed with error: /);
    expect((await call(http, node, 'work', { milliseconds: 0 })).status).toBe(200);
    expect((await readJob(http, path)).state).toBe('outcome-unknown');
  });

  it('the lock of a synchronous call is free when the lease has ended', async () => {
    const first = await directory.start(LEASE);
    const node = await createNode(first.http);
    const hanging = call(first.http, node, 'work', { milliseconds: 60_000 });
    const failed = expect(hanging).rejects.toThrow();
    await until(async () => (await fields(first.http, node, 'reservation'))['reservation'] !== null);
    await first.stop('SIGKILL');
    await failed;

    const { http } = await directory.start(LEASE);
    await until(async () => (await call(http, node, 'work', { milliseconds: 0 })).status === 200);
  });

  it('a periodic method runs in the next process', async () => {
    const file = join(directory.path, 'patrols');
    const env = {
      ...LEASE,
      // It waits for its abort.
      FERRULE_SHUTDOWN_TIMEOUT: '5s',
      PATROL_FILE: file,
      FERRULE_DRIVER_ROOT: resolve(import.meta.dirname, '../fixtures'),
      FERRULE_ENABLED_HARDWARE_TYPES: 'patrol-hardware',
    };
    const patrols = () => readFileSync(file, 'utf8').trimEnd().split('\n');
    const first = await directory.start(env);
    await until(() => patrols().length > 0);
    await first.stop('SIGKILL');

    const second = await directory.start(env);
    await until(() => patrols().length > 1);
    expect(patrols()).toEqual([String(first.pid), String(second.pid)]);
  });

  it('nothing that was acknowledged is lost', async () => {
    const first = await directory.start(LEASE);
    const node = await createNode(first.http);
    const acknowledged = { nodes: [] as string[], jobs: [] as string[], patched: -1 };
    const crash = new AbortController();
    const writers = [
      repeat(crash.signal, async () => {
        acknowledged.nodes.push(await createNode(first.http));
      }),
      repeat(crash.signal, async () => {
        acknowledged.jobs.push(jobOf(await call(first.http, node, 'collect_log', { lines: 1 })));
      }),
      repeat(crash.signal, async (turn) => {
        const patch = [{ op: 'add', path: '/extra/turn', value: turn }];
        (await first.http.patch(`/v1/nodes/${node}`, patch)).expect(200);
        acknowledged.patched = turn;
      }),
    ];
    await until(
      () => Math.min(acknowledged.nodes.length, acknowledged.jobs.length, acknowledged.patched) > 20,
    );
    const dead = first.stop('SIGKILL');
    crash.abort();
    await Promise.all([dead, ...writers]);

    const { http } = await directory.start(LEASE);
    for (const uuid of acknowledged.nodes) (await http.get(`/v1/nodes/${uuid}`)).expect(200);
    const { extra } = await fields(http, node, 'extra');
    // One more change may have been written without its answer arriving.
    expect([acknowledged.patched, acknowledged.patched + 1]).toContain((extra as { turn: number }).turn);
    const jobs = await Promise.all(acknowledged.jobs.map((path) => ended(http, path)));
    // Only jobs that ran when the process died may have an unknown outcome.
    const ends = jobs.map(({ state }) => state);
    expect(ends.filter((state) => !['succeeded', 'outcome-unknown'].includes(state))).toEqual([]);
    expect(ends.filter((state) => state === 'succeeded').length).toBeGreaterThan(jobs.length / 2);
  });
});

async function repeat(crash: AbortSignal, work: (turn: number) => Promise<void>): Promise<void> {
  for (let turn = 0; !crash.aborted; turn++) {
    try {
      await work(turn);
    } catch (error) {
      if (!crash.aborted) throw error;
    }
  }
}
