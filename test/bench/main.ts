import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { makeNodes } from './bench-nodes.js';
import { measureDevRestarts } from './dev-restarts.js';
import { CONDUCTOR_SETS, conductorWorkload, startConductors } from './conductors.js';
import { type Disturbed, measureDisturbed } from './disturbed.js';
import { type EventLatency, measureEvents } from './events.js';
import { type Fleet, FLEET_ENV, measureFleet } from './fleet.js';
import { FLEET_CALL_NODES, type FleetCallTimes, measureFleetCall } from './fleet-call.js';
import { grow, growthWorkloads } from './growth.js';
import { type Latency, measureLatency } from './latency.js';
import { type Memory, memoryNow } from './memory.js';
import { type BenchOptions, isWanted, readOptions, USAGE } from './options.js';
import { measureRedfish, type RedfishOverhead } from './redfish.js';
import { type Findings, reportJson, reportText } from './report.js';
import { measure, type Measurement } from './rounds.js';
import { measureStarts } from './start-times.js';
import { DataFolder, type ServiceSubject, startBare, startService } from './subject.js';
import { type TestRedis, startRedis } from '../support/redis.js';
import {
  adaptedWorkload,
  bareWorkload,
  listWorkloads,
  type NodeCounts,
  type Services,
  serviceWorkloads,
  type Workload,
} from './workloads.js';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const NODES: NodeCounts = { small: 1_000, large: 100_000 };
/** Measurements that need the services with many nodes. */
const LOADS = /^(shared|exclusive|async|list|latency|disturbed|memory)/;
const FULL = { rounds: 5, seconds: 4, connections: 64, starts: 3, calls: 200, disturbance: 60, saves: 20 };
const QUICK = { rounds: 2, seconds: 1, connections: 64, starts: 2, calls: 50, disturbance: 6, saves: 4 };

const cleanups: (() => Promise<void>)[] = [];

function progress(text: string): void {
  process.stderr.write(`  ${text}\n`);
}

async function run(options: BenchOptions): Promise<void> {
  const effort = options.isQuick ? QUICK : FULL;
  const starts = isWanted(options, 'start')
    ? await measureStarts({ checkout: CHECKOUT }, effort.starts, progress)
    : undefined;
  const dev = isWanted(options, 'dev')
    ? await measureDevRestarts(CHECKOUT, effort.saves, progress)
    : undefined;
  const redfish = isWanted(options, 'redfish') ? await measureBmcs(options) : undefined;
  const fleet = isWanted(options, 'fleet') ? await measureFleets(options) : undefined;
  const events = isWanted(options, 'events') ? await measureEventsOf(options) : undefined;
  const manyNodes = isWanted(options, 'many-nodes') ? await measureManyNodes(options) : undefined;
  const loads = await measureLoads(options);
  const growth = isWanted(options, 'growth') ? await measureGrowth(options) : [];
  const conductors = isWanted(options, 'conductors') ? await measureConductors(options) : [];
  const circumstances = {
    node: process.version,
    cpus: cpus().length,
    queue: options.isRedis ? 'Redis' : 'PostgreSQL',
    ...effort,
  };
  const text = `Node ${circumstances.node}, ${circumstances.cpus} CPUs, jobs carried by ${circumstances.queue}`;
  const rounds = `${effort.connections} connections, medians of ${effort.rounds} rounds of ${effort.seconds} s`;
  const findings: Findings = { ...loads, growth, conductors, redfish, fleet, starts, dev, events, manyNodes };
  process.stdout.write(`\n${reportText(findings, text, rounds)}\n\n${reportJson(findings, circumstances)}\n`);
}

async function measureEventsOf({ isQuick, profile }: BenchOptions): Promise<EventLatency> {
  progress('events of jobs in another process');
  const options = { checkout: CHECKOUT, nodeOptions: profiling(profile) };
  return measureEvents(options, (isQuick ? QUICK : FULL).calls);
}

async function measureManyNodes({ isQuick, profile }: BenchOptions): Promise<FleetCallTimes> {
  progress('a fleet call on many nodes');
  const folder = await DataFolder.make();
  cleanups.push(() => folder.delete());
  const service = await startService(folder, { checkout: CHECKOUT, nodeOptions: profiling(profile) });
  try {
    return await measureFleetCall(service, isQuick ? FLEET_CALL_NODES / 10 : FLEET_CALL_NODES);
  } finally {
    await service.stop();
  }
}

async function measureGrowth(options: BenchOptions): Promise<Measurement[]> {
  return withOwnCleanups(async (own) => {
    const start = async (): Promise<ServiceSubject> => {
      const folder = await DataFolder.make();
      own.push(() => folder.delete());
      const service = await startService(folder, {
        checkout: CHECKOUT,
        nodeOptions: profiling(options.profile),
      });
      own.push(() => service.stop());
      return service;
    };
    progress('services with few and many nodes and jobs');
    const grown = { base: await start(), nodes: await start(), jobs: await start() };
    await grow(grown);
    return measure(growthWorkloads(grown), options.isQuick ? QUICK : FULL, progress);
  });
}

/** One set after the other, since processes without work look for jobs, too. */
async function measureConductors(options: BenchOptions): Promise<Measurement[]> {
  const service = { checkout: CHECKOUT, nodeOptions: profiling(options.profile) };
  const measurements: Measurement[] = [];
  for (const set of CONDUCTOR_SETS) {
    await withOwnCleanups(async (own) => {
      const redis = await startRedis();
      own.push(() => redis.stop());
      const workload = conductorWorkload(await startConductors(set, service, redis, own));
      measurements.push(...(await measure([workload], options.isQuick ? QUICK : FULL, progress)));
    });
  }
  return measurements;
}

async function withOwnCleanups<T>(work: (own: (() => Promise<void>)[]) => Promise<T>): Promise<T> {
  const own: (() => Promise<void>)[] = [];
  try {
    return await work(own);
  } finally {
    for (const cleanup of own.reverse()) await cleanup();
  }
}

async function measureBmcs({ isQuick, profile }: BenchOptions): Promise<RedfishOverhead> {
  const folder = await DataFolder.make();
  cleanups.push(() => folder.delete());
  const nodeOptions = profiling(profile);
  const service = await startService(folder, { checkout: CHECKOUT, hardwareTypes: 'redfish', nodeOptions });
  try {
    return await measureRedfish(service, isQuick ? QUICK : { ...FULL, rounds: 3 }, progress);
  } finally {
    await service.stop();
  }
}

async function measureFleets({ isQuick, profile }: BenchOptions): Promise<Fleet> {
  const folder = await DataFolder.make();
  cleanups.push(() => folder.delete());
  const nodeOptions = profiling(profile);
  const options = { checkout: CHECKOUT, hardwareTypes: 'redfish', env: FLEET_ENV, nodeOptions };
  const service = await startService(folder, options);
  try {
    return await measureFleet(service, { connections: FULL.connections, rounds: isQuick ? 1 : 3 }, progress);
  } finally {
    await service.stop();
  }
}

async function measureLoads(
  options: BenchOptions,
): Promise<Pick<Findings, 'measurements' | 'memory' | 'latency' | 'disturbed'>> {
  const memory: Memory[] = [];
  const none = { measurements: [], memory, latency: undefined, disturbed: [] };
  if (options.only !== undefined && !options.only.some((name) => LOADS.test(name))) return none;
  const redis = options.isRedis ? await redisForAll() : undefined;
  const own = await startServices(CHECKOUT, options, redis);
  if (isWanted(options, 'memory')) memory.push(memoryNow('at rest', own.small));
  const fresh = isWanted(options, 'list') ? await measureFreshLists(own, options) : [];
  await own.large.database.analyzeNodes();
  const latency = isWanted(options, 'latency') ? await latencyOf(own, options) : undefined;
  const all = serviceWorkloads(own, NODES);
  if (options.beside !== undefined) {
    const beside = await startServices(options.beside, options, redis);
    await beside.large.database.analyzeNodes();
    all.push(...serviceWorkloads(beside, NODES, '@beside'));
  }
  const wanted = all.filter(({ name }) => isWanted(options, name));
  const measurements = wanted.length > 0 ? await measureWith(wanted, options) : [];
  const disturbed = isWanted(options, 'disturbed') ? await disturbedOf(own, options) : [];
  if (isWanted(options, 'memory') && wanted.length > 0) memory.push(memoryNow('after the load', own.small));
  return { measurements: [...measurements, ...fresh], memory, latency, disturbed };
}

async function measureFreshLists(services: Services, options: BenchOptions): Promise<Measurement[]> {
  const workloads = listWorkloads(services, NODES, ', right after a bulk load');
  const named = workloads.map((each) => ({ ...each, name: `${each.name}@fresh` }));
  return measure(named, options.isQuick ? QUICK : FULL, progress);
}

async function latencyOf({ small }: Services, { isQuick }: BenchOptions): Promise<Latency> {
  progress('jobs of a single client');
  return measureLatency(small, (isQuick ? QUICK : FULL).calls);
}

async function disturbedOf({ large }: Services, { isQuick }: BenchOptions): Promise<Disturbed[]> {
  const { disturbance, connections } = isQuick ? QUICK : FULL;
  return measureDisturbed(large, NODES.large, disturbance, connections, progress);
}

async function measureWith(wanted: readonly Workload[], options: BenchOptions): Promise<Measurement[]> {
  const bare = await startBare();
  cleanups.push(() => bare.stop());
  const baselines = [bareWorkload(bare)];
  if (isWanted(options, 'adapted')) {
    const adapted = await startBare(true);
    cleanups.push(() => adapted.stop());
    baselines.push(adaptedWorkload(adapted));
  }
  return measure([...baselines, ...wanted], options.isQuick ? QUICK : FULL, progress);
}

async function redisForAll(): Promise<TestRedis> {
  const redis = await startRedis();
  cleanups.push(() => redis.stop());
  return redis;
}

async function startServices(
  checkout: string,
  options: BenchOptions,
  redis: TestRedis | undefined,
): Promise<Services> {
  const nodeOptions = profiling(options.profile);
  let number = 0;
  const start = async (count: number, isGuarded = false) => {
    progress(`a service with ${count} nodes, of ${checkout}`);
    const folder = await DataFolder.make();
    cleanups.push(() => folder.delete());
    // A Redis database each, because their conductors would otherwise take each other's jobs.
    const redisUrl = redis && `${redis.url}/${number++}`;
    const service = await startService(folder, { checkout, nodeOptions, redisUrl, isGuarded });
    cleanups.push(() => service.stop());
    await makeNodes(service, count);
    return service;
  };
  // A build to compare with may be too old for the settings.
  const isGuardedWanted = checkout === CHECKOUT && isWanted(options, 'shared-token');
  return {
    small: await start(NODES.small),
    large: await start(NODES.large),
    guarded: isGuardedWanted ? await start(NODES.small, true) : undefined,
  };
}

function profiling(folder: string | undefined): string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

function optionsOf(args: readonly string[]): BenchOptions | undefined {
  try {
    return readOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exitCode = 2;
    return undefined;
  }
}

const args = process.argv.slice(2);
try {
  const options = args.includes('--help') ? undefined : optionsOf(args);
  if (options) await run(options);
  else if (args.includes('--help')) process.stdout.write(`${USAGE}\n`);
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
} finally {
  for (const cleanup of cleanups.reverse()) await cleanup();
}
