import { setTimeout as delay } from 'node:timers/promises';
import { type HttpClient } from '../support/http-client.js';
import { until } from '../support/until.js';
import { nodeUuid } from './bench-nodes.js';
import { percentile } from './statistics.js';
import { type ServiceSubject } from './subject.js';

const WARM_UP = 30;
/** Milliseconds between checks of a job; shorter ones would slow down the measured service. */
const POLL_MS = 15;

/** Milliseconds from the commit of a job to the start of its method. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

/** A single client that waits for each job before the next call. The times are those of the service's log. */
export async function measureLatency(subject: ServiceSubject, calls: number): Promise<Latency> {
  await callOneByOne(subject.http, WARM_UP);
  const before = startTimes(subject.log).size;
  await callOneByOne(subject.http, calls);
  await until(() => startTimes(subject.log).size === before + calls);
  const times = [...startTimes(subject.log).values()].slice(before).sort((one, other) => one - other);
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

async function callOneByOne(http: HttpClient, calls: number): Promise<void> {
  const path = `/v1/nodes/${nodeUuid(1)}/vendor_passthru?method=report_progress`;
  for (let call = 0; call < calls; call++) {
    const { headers } = (await http.post(path, { steps: 1 })).expect(202);
    const job = new URL(String(headers.location)).pathname;
    do await delay(POLL_MS);
    while ((await http.get(job)).expect(200).json<{ finished_at: string | null }>().finished_at === null);
  }
}

/** By the jobs' ids, in the order in which the methods were started. */
function startTimes(log: string): Map<string, number> {
  const accepted = new Map<string, number>();
  const started = new Map<string, number>();
  for (const line of log.split('\n')) {
    const [, time = '', id = '', step] = /"time":"([^"]+)".*Job (\S+) (accepted|started):/.exec(line) ?? [];
    if (step === 'accepted') accepted.set(id, Date.parse(time));
    if (step === 'started') started.set(id, Date.parse(time));
  }
  return new Map([...started].map(([id, at]) => [id, at - (accepted.get(id) ?? NaN)]));
}
