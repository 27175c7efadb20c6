import { setTimeout as delay } from 'node:timers/promises';
import { type HttpClient } from '../support/http-client.js';
import { type JobTimes } from './bench-database.js';
import { nodeUuid } from './bench-nodes.js';
import { type ServiceSubject } from './subject.js';

const WARM_UP = 30;
/** Milliseconds between checks of a job; shorter ones would slow down the measured service. */
const POLL_MS = 15;

/** A single client that waits for each job before the next call. */
export async function measureLatency({ http, database }: ServiceSubject, calls: number): Promise<JobTimes> {
  await callOneByOne(http, WARM_UP);
  await callOneByOne(http, calls);
  return database.jobTimes(calls);
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
