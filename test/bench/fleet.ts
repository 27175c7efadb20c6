import { join } from 'node:path';
import { type Child, startTypeScript } from '../support/child.js';
import { type HttpClient } from '../support/http-client.js';
import { type NodeSpread, nodeUuid } from './bench-nodes.js';
import { type Load, type LoadOrder, type LoadResult } from './load.js';
import { cpuSeconds } from './process-usage.js';
import { type BmcAddress, makeRedfishNodes } from './redfish.js';
import { median } from './statistics.js';
import { type ServiceSubject } from './subject.js';

/** Milliseconds per answer; short, so that the service is what limits the rate. */
const LATENCY = 20;
const HALF = 500;
const ALIVE: NodeSpread = { first: 20_000_000, count: HALF };
const DEAD: NodeSpread = { first: 20_000_000 + HALF, count: HALF };
const PATH = '/v1/nodes/{node}/vendor_passthru?method=get_all_subscriptions';
/**
 * Of the service, in seconds: a tenth of the defaults, so that a round has the whole course of the
 * calls to the dead half: a second try of each, their end at the same time, and the next call of their callers.
 */
export const FLEET_ENV = { FERRULE_REDFISH_RESPONSE_TIMEOUT: '6', FERRULE_REDFISH_CALL_TIMEOUT: '12' };
/** Seconds of a round. */
const SECONDS = 14;
/** Seconds for the callers of the dead half to start. */
const STARTING = 5;

export interface Fleet {
  readonly bmcs: number;
  readonly dead: number;
  /** Seconds of a round. */
  readonly seconds: number;
  readonly connections: number;
  /** Calls a second to the live half, per round: alone, and while each dead BMC always has a waiting call. */
  readonly alone: readonly number[];
  readonly beside: readonly number[];
  /** The same in the slowest second of all rounds. */
  readonly slowest: readonly [alone: number, beside: number];
  /** Calls to the dead half that were waiting at a BMC when a round began; the least of the rounds. */
  readonly waiting: number;
  /** Calls to the dead half that ended within the rounds. */
  readonly ended: number;
  readonly ratio: number;
  /** Milliseconds of CPU time of the service for a call to the live half: alone, and beside the waiting calls. */
  readonly cpu: readonly [alone: number, beside: number];
  readonly failures: number;
}

/** Rates round by round, so that other load on the machine affects both alike. The first round warms up. */
export async function measureFleet(
  service: ServiceSubject,
  { rounds, connections }: { rounds: number; connections: number },
  progress: (text: string) => void,
): Promise<Fleet> {
  const bmcs = startTypeScript(join(import.meta.dirname, 'bmcs.ts'), [String(2 * HALF), String(LATENCY)]);
  const [live, others] = [generator(), generator()];
  try {
    progress(`${2 * HALF} BMCs and their nodes`);
    await makeRedfishNodes(service.http, JSON.parse(await bmcs.line()) as BmcAddress[], ALIVE.first);
    progress('a first call of each, which logs in');
    await logInEverywhere(service.http);
    const order = { load: loadOf(service.url, ALIVE), connections, seconds: SECONDS };
    const alone: Measured[] = [];
    const beside: Measured[] = [];
    const waiting: number[] = [];
    let ended = 0;
    for (let round = 0; round <= rounds; round++) {
      progress(`${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: fleet`);
      const clean = await measured(live, order, service.pid);
      await ask(bmcs, `silence ${HALF}`);
      const dead = carriedOut(others, {
        load: loadOf(service.url, DEAD),
        connections: HALF,
        seconds: STARTING + SECONDS,
      });
      const stuck = await waitingAt(bmcs);
      const disturbed = await measured(live, order, service.pid);
      const { failures } = await dead;
      await ask(bmcs, 'speak');
      await quiet(bmcs);
      if (round === 0) continue;
      alone.push(clean);
      beside.push(disturbed);
      waiting.push(stuck);
      ended += failures;
    }
    const cpu = (results: readonly Measured[]) => median(results.map((each) => each.cpu));
    const rates = (results: readonly LoadResult[]) =>
      results.map(({ answers, seconds }) => answers / seconds);
    const slowest = (results: readonly LoadResult[]) => Math.min(...results.map((each) => each.slowest));
    const [one, other] = [rates(alone), rates(beside)];
    return {
      bmcs: 2 * HALF,
      dead: HALF,
      seconds: SECONDS,
      connections,
      alone: one.map(Math.round),
      beside: other.map(Math.round),
      slowest: [slowest(alone), slowest(beside)],
      waiting: Math.min(...waiting),
      ended,
      ratio: median(other.map((rate, round) => rate / (one[round] ?? NaN))),
      cpu: [cpu(alone), cpu(beside)],
      failures: [...alone, ...beside].reduce((sum, { failures }) => sum + failures, 0),
    };
  } finally {
    await Promise.all([live, others, bmcs].map((child) => child.kill('SIGTERM')));
  }
}

async function logInEverywhere(http: HttpClient): Promise<void> {
  const numbers = Array.from({ length: 2 * HALF }, (_, index) => ALIVE.first + index);
  const worker = async (): Promise<void> => {
    for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
      (await http.get(PATH.replace('{node}', nodeUuid(number)))).expect(200);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

function generator(): Child {
  return startTypeScript(join(import.meta.dirname, 'load-generator.ts'));
}

interface Measured extends LoadResult {
  readonly cpu: number;
}

async function measured(child: Child, order: LoadOrder, pid: number): Promise<Measured> {
  const before = cpuSeconds([pid]);
  const result = await carriedOut(child, order);
  return { ...result, cpu: ((cpuSeconds([pid]) - before) * 1000) / result.answers };
}

async function carriedOut(child: Child, order: LoadOrder): Promise<LoadResult> {
  child.say(JSON.stringify(order));
  return JSON.parse(await child.line()) as LoadResult;
}

function loadOf(url: string, nodes: NodeSpread): Load {
  return { method: 'GET', url, path: PATH, nodes };
}

async function ask(bmcs: Child, command: string): Promise<number> {
  bmcs.say(command);
  return JSON.parse(await bmcs.line()) as number;
}

/** Once nearly all calls have reached their silent BMC, or after some seconds. */
async function waitingAt(bmcs: Child): Promise<number> {
  const end = performance.now() + STARTING * 1_000;
  let count = 0;
  while (count < 0.95 * HALF && performance.now() < end) count = await ask(bmcs, 'waiting');
  return count;
}

/** No call waits any more and the service has ended all of them, so that the next round begins like the first. */
async function quiet(bmcs: Child): Promise<void> {
  const end = performance.now() + 20_000;
  while ((await ask(bmcs, 'waiting')) > 0 && performance.now() < end) {
    await pause(100);
  }
  await pause(STARTING * 1_000);
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
