import { setTimeout as delay } from 'node:timers/promises';
import { EventClient } from '../support/event-client.js';
import { makeNodes, nodeUuid } from './bench-nodes.js';
import { percentile } from './statistics.js';
import { DataFolder, type ServiceOptions, startService } from './subject.js';

const WARM_UP = 20;
/** Milliseconds between two calls, which take turns on the nodes. */
const PAUSE_MS = 10;
const NODES = 50;

/** Milliseconds from the end of a job, by the clock of the database, to its event in another process. */
export interface EventLatency {
  readonly events: number;
  readonly p50: number;
  readonly p95: number;
}

interface Ended {
  readonly state: string;
  readonly finished_at: string;
}

/** Two processes on one database and one clock: one runs the jobs, and a client follows them in the other. */
export async function measureEvents(options: ServiceOptions, calls: number): Promise<EventLatency> {
  const folder = await DataFolder.make();
  const cleanups: (() => Promise<void>)[] = [() => folder.delete()];
  try {
    const runner = await startService(folder, options);
    cleanups.push(() => runner.stop());
    await makeNodes(runner, NODES);
    const env = { ...options.env, FERRULE_CONDUCTOR_CONCURRENCY: '0', FERRULE_HOSTNAME: 'follower' };
    const follower = await startService(folder, { ...options, env });
    cleanups.push(() => follower.stop());
    const stream = await EventClient.open(`${follower.url}/v1/events?state=succeeded`);
    cleanups.push(async () => stream.close());
    const times: number[] = [];
    stream.onEvent = ({ data }) => {
      times.push(performance.timeOrigin + performance.now() - Date.parse((data as Ended).finished_at));
    };
    await stream.begun();
    for (let call = 0; call < WARM_UP + calls; call++) {
      const path = `/v1/nodes/${nodeUuid(1 + (call % (NODES - 1)))}/vendor_passthru?method=report_progress`;
      (await runner.http.post(path, { steps: 1 })).expect(202);
      await delay(PAUSE_MS);
    }
    while (times.length < WARM_UP + calls) await delay(PAUSE_MS);
    const measured = times.slice(WARM_UP).sort((one, other) => one - other);
    return { events: calls, p50: percentile(measured, 0.5), p95: percentile(measured, 0.95) };
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}
