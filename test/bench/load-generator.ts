import autocannon from 'autocannon';
import { createInterface } from 'node:readline';
import { type LoadOrder, type LoadResult, pathsOf } from './load.js';
import { percentile } from './statistics.js';

/** As `baremetal` sends it; without the header, the API would be that of 1.1. */
const HEADERS = { 'x-openstack-ironic-api-version': '1.109', 'content-type': 'application/json' };

/** Seconds; longer than a call to a BMC that does not answer. */
const TIMEOUT = 30;
/** Milliseconds by which a run may exceed its duration. */
const PRECISION = 50;

// A separate process, so that the measured ones spend no CPU time on requests. Orders and results are lines of JSON.
for await (const line of createInterface({ input: process.stdin })) {
  const result = await carryOut(JSON.parse(line) as LoadOrder);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

async function carryOut({ load, connections, seconds }: LoadOrder): Promise<LoadResult> {
  const times: number[] = [];
  const perSecond = Array.from({ length: seconds }, () => 0);
  const statuses: Record<string, number> = {};
  let clients = 0;
  const instance = autocannon({
    url: load.url,
    connections,
    duration: seconds,
    timeout: TIMEOUT,
    sampleInt: PRECISION,
    setupClient: (client) => {
      const paths = pathsOf(load, clients++, connections);
      client.setRequests(paths.map((path) => requestOf(load, path)));
    },
  });
  const begun = performance.now();
  instance.on('response', (_client, status, _bytes, milliseconds) => {
    if (status >= 200 && status < 300) {
      times.push(milliseconds);
      const second = Math.floor((performance.now() - begun) / 1000);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    } else statuses[status] = (statuses[status] ?? 0) + 1;
  });
  const { duration, errors, timeouts } = await instance;
  const refused = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  times.sort((one, other) => one - other);
  return {
    answers: times.length,
    failures: refused + errors + timeouts,
    statuses,
    seconds: duration,
    slowest: Math.min(...perSecond.slice(0, seconds)),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  };
}

function requestOf({ method, body, headers }: LoadOrder['load'], path: string): autocannon.Request {
  return { method, path, headers: { ...HEADERS, ...headers }, ...(body === undefined ? {} : { body }) };
}
