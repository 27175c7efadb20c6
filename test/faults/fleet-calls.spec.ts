import { fleetCallEnded, fleetNodes, makeFleetCall, readFleetCall } from '../support/fleet.js';
import { watchedNode } from '../support/passthru.js';
import { hasProc, postmasterOf, signalTree } from '../support/processes.js';
import { describeOnlyWhere } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';

const NODES = 200;
const PARALLELISM = 20;

describeOnlyWhere(hasProc, 'processes are found in /proc')('fleet calls of two processes', () => {
  let directory: DataDirectory;
  let watch: WatchFile;
  let one: Service;
  let two: Service;
  let nodes: readonly string[];
  const start = (name: string): Promise<Service> =>
    directory.start({ ...watch.env, FERRULE_HOSTNAME: name, FERRULE_LEASE: '5s' });
  beforeAll(async () => {
    directory = await dataDirectory();
    watch = new WatchFile(directory.path);
    // The first one starts PostgreSQL, which outlives the second.
    two = await start('two');
    one = await start('one');
    nodes = [];
    while (nodes.length < NODES) {
      const more = Array.from({ length: PARALLELISM }, () => watchedNode(two.http));
      nodes = [...nodes, ...(await Promise.all(more))];
    }
  });
  afterAll(() => directory.dispose());
  beforeEach(() => watch.clear());

  const callsByNode = (): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { what, node } of watch.lines) {
      if (what === 'begin') counts.set(node, (counts.get(node) ?? 0) + 1);
    }
    return counts;
  };
  /** A job whose process was killed may have been adopted, but its method not called yet. */
  const expectOneCallEach = async (path: string): Promise<void> => {
    const calls = callsByNode();
    const found = await fleetNodes(two.http, path);
    const wrong = found.filter(({ node, state }) => {
      const count = calls.get(node) ?? 0;
      return state === 'succeeded' ? count !== 1 : count > 1;
    });
    expect(wrong).toEqual([]);
    expect(new Set(found.map(({ job }) => job)).size).toBe(NODES);
    expect(watch.breaches()).toEqual([]);
  };
  const onAll = (milliseconds: number) => ({
    method: 'watch_job',
    args: { milliseconds },
    nodes,
    parallelism: PARALLELISM,
    stop_after: null,
  });

  it('go on after their database did not answer for a while, and call each node once', async () => {
    const path = await makeFleetCall(one.http, onAll(5));
    await until(() => callsByNode().size > NODES / 4);
    const postmaster = postmasterOf(`${directory.path}/data`);
    signalTree(postmaster, 'SIGSTOP');
    await until(async () => (await one.http.get('/readyz')).status !== 200);
    signalTree(postmaster, 'SIGCONT');
    const document = await fleetCallEnded(two.http, path);
    const { succeeded = 0, 'outcome-unknown': unknown = 0 } = document.counts;
    expect(succeeded + unknown).toBe(NODES);
    await expectOneCallEach(path);
  });

  it('go on in another process when the one that runs them is killed, and call each node once', async () => {
    const path = await makeFleetCall(one.http, onAll(20));
    await until(() => callsByNode().size > NODES / 4);
    one.kill('SIGKILL');
    await one.ended();
    watch.killed(one.pid);
    expect((await readFleetCall(two.http, path)).ended_at).toBeNull();
    const document = await fleetCallEnded(two.http, path);
    expect(document.state).toBe('finished');
    const { succeeded = 0, 'outcome-unknown': unknown = 0 } = document.counts;
    expect(succeeded + unknown).toBe(NODES);
    expect(unknown).toBeLessThanOrEqual(PARALLELISM);
    await expectOneCallEach(path);
  });
});
