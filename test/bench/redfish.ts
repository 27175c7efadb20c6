import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, startTypeScript } from '../support/child.js';
import { HttpClient } from '../support/http-client.js';
import { type NodeSpread, nodeUuid } from './bench-nodes.js';
import { type Load, type LoadOrder, type LoadResult, pathsOf } from './load.js';
import { cpuSeconds } from './process-usage.js';
import { percentile } from './statistics.js';
import { type ServiceSubject } from './subject.js';

/** Milliseconds per answer of a BMC, similar to real ones. */
const LATENCY = 200;
const BMCS = 4;
const METHOD = 'get_all_subscriptions';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const NODES = { first: 10_000_000, count: BMCS };
/** BMCs that answer at once, for calls that warm the service up. */
const QUICK_NODES = { first: 11_000_000, count: BMCS };
const WARM_UP = { seconds: 10, connections: BMCS };

export interface BmcAddress {
  readonly address: string;
  readonly username: string;
  readonly password: string;
}

/** Medians in milliseconds. */
export interface RedfishOverhead {
  readonly latency: number;
  readonly direct: number;
  /** The same through a bare relay of Node's HTTP. */
  readonly relay: number;
  /** Calls with which the service was warmed up. */
  readonly before: number;
  readonly call: number;
  readonly calls: number;
  /** Once the session is open. */
  readonly requestsPerCall: number;
  /** The time of the call minus that of its requests. */
  readonly overhead: number;
  readonly cpu: number;
}

export async function measureRedfish(
  service: ServiceSubject,
  { rounds, seconds }: { rounds: number; seconds: number },
  progress: (text: string) => void,
): Promise<RedfishOverhead> {
  const bmcs = startTypeScript(join(import.meta.dirname, 'bmcs.ts'), [String(BMCS), String(LATENCY)]);
  const relay = startTypeScript(join(import.meta.dirname, 'relay.ts'));
  try {
    const relayUrl = await relay.line();
    const addresses = JSON.parse(await bmcs.line()) as BmcAddress[];
    await makeRedfishNodes(service.http, addresses, NODES.first);
    const requestsPerCall = await countRequests(service.http, bmcs);
    progress('warming up with BMCs that answer at once');
    const before = await warmUp(service, relayUrl);
    const loads = [directLoad(addresses[0]), relayLoad(relayUrl, addresses[0]), callLoad(service.url)];
    const times = loads.map((): number[] => []);
    let cpu = 0;
    for (let round = 0; round <= rounds; round++) {
      progress(`${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: redfish`);
      for (const [index, load] of loads.entries()) {
        const spent = cpuSeconds([service.pid]);
        const taken = await spreadCalls(load, seconds);
        if (round === 0) continue;
        times[index]?.push(...taken);
        if (index === loads.length - 1) cpu += cpuSeconds([service.pid]) - spent;
      }
    }
    const [direct = NaN, relayed = NaN, call = NaN] = times.map(middle);
    const calls = times.at(-1)?.length ?? 0;
    return {
      latency: LATENCY,
      direct,
      relay: relayed,
      before,
      call,
      calls,
      requestsPerCall,
      overhead: call - requestsPerCall * direct,
      cpu: (cpu * 1000) / calls,
    };
  } finally {
    await Promise.all([bmcs.kill('SIGTERM'), relay.kill('SIGTERM')]);
  }
}

/**
 * A caller for each BMC, which begin at different times: calls that begin together would wait for one another, which
 * is no part of a call. @returns the milliseconds of each call.
 */
async function spreadCalls(load: Load, seconds: number): Promise<number[]> {
  const http = new HttpClient(load.url);
  const end = performance.now() + seconds * 1000;
  const times: number[] = [];
  const caller = async (_: unknown, index: number): Promise<void> => {
    const [path = load.path] = pathsOf(load, index, BMCS);
    await delay((index * LATENCY) / BMCS);
    while (performance.now() < end) {
      const start = performance.now();
      (await http.get(path, { headers: load.headers })).expect(200);
      times.push(performance.now() - start);
    }
  };
  try {
    await Promise.all(Array.from({ length: BMCS }, caller));
    return times;
  } finally {
    http.close();
  }
}

function middle(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  return percentile(sorted, 0.5);
}

/** A node for each BMC, with the UUIDs of the numbers from `first` on. */
export async function makeRedfishNodes(
  http: HttpClient,
  addresses: readonly BmcAddress[],
  first: number,
): Promise<void> {
  for (const [index, { address, username, password }] of addresses.entries()) {
    const node = {
      uuid: nodeUuid(first + index),
      driver: 'redfish',
      driver_info: { redfish_address: address, redfish_username: username, redfish_password: password },
    };
    (await http.post('/v1/nodes', node)).expect(201);
  }
}

/** Of a second call: the first also logs in and discovers the BMC. */
async function countRequests(http: HttpClient, bmcs: Child): Promise<number> {
  const path = `/v1/nodes/${nodeUuid(NODES.first)}/vendor_passthru?method=${METHOD}`;
  (await http.get(path)).expect(200);
  const before = await requestsOf(bmcs);
  (await http.get(path)).expect(200);
  return (await requestsOf(bmcs)) - before;
}

async function requestsOf(bmcs: Child): Promise<number> {
  bmcs.say('requests');
  return JSON.parse(await bmcs.line()) as number;
}

function directLoad(bmc: BmcAddress | undefined): Load {
  if (!bmc) throw new TypeError('There is at least one BMC.');
  const credentials = Buffer.from(`${bmc.username}:${bmc.password}`).toString('base64');
  const headers = { authorization: `Basic ${credentials}` };
  return { method: 'GET', url: bmc.address, path: SUBSCRIPTIONS, headers };
}

function relayLoad(url: string, bmc: BmcAddress | undefined): Load {
  if (!bmc) throw new TypeError('There is at least one BMC.');
  return { method: 'GET', url, path: `/${encodeURIComponent(bmc.address)}` };
}

/** Calls the service and the relay as a service in use is called. @returns how often the service */
async function warmUp(service: ServiceSubject, relayUrl: string): Promise<number> {
  const bmcs = startTypeScript(join(import.meta.dirname, 'bmcs.ts'), [String(BMCS), '0']);
  const generator = startTypeScript(join(import.meta.dirname, 'load-generator.ts'));
  const carriedOut = async (load: Load): Promise<LoadResult> => {
    generator.say(JSON.stringify({ load, ...WARM_UP } satisfies LoadOrder));
    return JSON.parse(await generator.line()) as LoadResult;
  };
  try {
    const addresses = JSON.parse(await bmcs.line()) as BmcAddress[];
    await makeRedfishNodes(service.http, addresses, QUICK_NODES.first);
    await carriedOut(relayLoad(relayUrl, addresses[0]));
    return (await carriedOut(callLoad(service.url, QUICK_NODES))).answers;
  } finally {
    await Promise.all([bmcs.kill('SIGTERM'), generator.kill('SIGTERM')]);
  }
}

function callLoad(url: string, nodes: NodeSpread = NODES): Load {
  const path = `/v1/nodes/{node}/vendor_passthru?method=${METHOD}`;
  return { method: 'GET', url, path, nodes };
}
