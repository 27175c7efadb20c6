import { join } from 'node:path';
import { type Child, startTypeScript } from '../support/child.js';
import { type HttpClient } from '../support/http-client.js';
import { type NodeSpread, nodeUuid } from './bench-nodes.js';
import { type Load, type LoadOrder, type LoadResult } from './load.js';
import { measure, type RoundOptions } from './rounds.js';
import { type ServiceSubject, type Subject } from './subject.js';

/** Milliseconds per answer of a BMC, similar to real ones. */
const LATENCY = 200;
/** One connection each, so that no call waits for another; with more they would synchronize. */
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
  /** Once the session is open. */
  readonly requestsPerCall: number;
  /** The time of the call minus that of its requests. */
  readonly overhead: number;
  readonly cpu: number;
  readonly failures: number;
}

export async function measureRedfish(
  service: ServiceSubject,
  options: Omit<RoundOptions, 'connections'>,
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
    const [direct, relayed, call] = await measure(
      [
        { name: 'bmc', title: 'BMC', subject: subjectOf(bmcs), load: directLoad(addresses[0]) },
        { name: 'relay', title: 'relay', subject: subjectOf(relay), load: relayLoad(relayUrl, addresses[0]) },
        { name: 'redfish', title: METHOD, subject: service, load: callLoad(service.url) },
      ],
      { ...options, connections: BMCS },
      progress,
    );
    if (!direct || !relayed || !call) throw new TypeError('Each workload has a measurement.');
    return {
      latency: LATENCY,
      direct: direct.p50,
      relay: relayed.p50,
      before,
      call: call.p50,
      requestsPerCall,
      overhead: call.p50 - requestsPerCall * direct.p50,
      cpu: call.cpu / 1000,
      failures: direct.failures + relayed.failures + call.failures,
    };
  } finally {
    await Promise.all([bmcs.kill('SIGTERM'), relay.kill('SIGTERM')]);
  }
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

function subjectOf({ process }: Child): Subject {
  return { url: '', pid: process.pid ?? 0, databasePids: [], stop: async () => {} };
}
