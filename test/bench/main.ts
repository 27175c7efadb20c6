import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { makeNodes } from './bench-nodes.js';
import { type Memory, memoryNow } from './memory.js';
import { type BenchOptions, isWanted, readOptions, USAGE } from './options.js';
import { measureRedfish, type RedfishOverhead } from './redfish.js';
import { type Findings, reportJson, reportText } from './report.js';
import { measure, type Measurement } from './rounds.js';
import { measureStarts } from './start-times.js';
import { DataFolder, startBare, startService } from './subject.js';
import {
  bareWorkload,
  type NodeCounts,
  type Services,
  serviceWorkloads,
  type Workload,
} from './workloads.js';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const NODES: NodeCounts = { small: 1_000, large: 100_000 };
/** What needs the services with many nodes. */
const LOADS = /^(shared|exclusive|async|list|memory)/;
const FULL = { rounds: 5, seconds: 4, connections: 64, starts: 3 };
const QUICK = { rounds: 2, seconds: 1, connections: 64, starts: 2 };

/** What was started, to be stopped in the other order. */
const cleanups: (() => Promise<void>)[] = [];

function progress(text: string): void {
  process.stderr.write(`  ${text}\n`);
}

async function run(options: BenchOptions): Promise<void> {
  const effort = options.isQuick ? QUICK : FULL;
  const starts = isWanted(options, 'start')
    ? await measureStarts({ checkout: CHECKOUT }, effort.starts, progress)
    : undefined;
  const redfish = isWanted(options, 'redfish') ? await measureBmcs(options) : undefined;
  const memory: Memory[] = [];
  const measurements = await measureLoads(options, memory);
  const findings: Findings = { measurements, redfish, starts, memory };
  const circumstances = { node: process.version, cpus: cpus().length, ...effort };
  const text = `Node ${circumstances.node}, ${circumstances.cpus} CPUs, ${effort.connections} connections, medians of ${effort.rounds} rounds of ${effort.seconds} s`;
  process.stdout.write(`\n${reportText(findings, text)}\n\n${reportJson(findings, circumstances)}\n`);
}

async function measureBmcs({ isQuick }: BenchOptions): Promise<RedfishOverhead> {
  const folder = await DataFolder.make();
  cleanups.push(() => folder.delete());
  const service = await startService(folder, { checkout: CHECKOUT, hardwareTypes: 'redfish' });
  try {
    return await measureRedfish(service, isQuick ? QUICK : { ...FULL, rounds: 3 }, progress);
  } finally {
    await service.stop();
  }
}

async function measureLoads(options: BenchOptions, memory: Memory[]): Promise<Measurement[]> {
  if (options.only !== undefined && !options.only.some((name) => LOADS.test(name))) return [];
  const isMemoryWanted = isWanted(options, 'memory');
  const own = await startServices(CHECKOUT, options);
  const all = serviceWorkloads(own, NODES);
  if (options.beside !== undefined) {
    all.push(...serviceWorkloads(await startServices(options.beside, options), NODES, '@beside'));
  }
  const wanted = all.filter(({ name }) => isWanted(options, name));
  if (isMemoryWanted) memory.push(memoryNow('at rest', own.small));
  const measurements = wanted.length > 0 ? await measureWith(wanted, options) : [];
  if (isMemoryWanted && wanted.length > 0) memory.push(memoryNow('after the load', own.small));
  return measurements;
}

async function measureWith(wanted: readonly Workload[], options: BenchOptions): Promise<Measurement[]> {
  const bare = await startBare();
  cleanups.push(() => bare.stop());
  return measure([bareWorkload(bare), ...wanted], options.isQuick ? QUICK : FULL, progress);
}

async function startServices(checkout: string, { profile }: BenchOptions): Promise<Services> {
  const nodeOptions = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const start = async (count: number) => {
    progress(`a service with ${count} nodes, of ${checkout}`);
    const folder = await DataFolder.make();
    cleanups.push(() => folder.delete());
    const service = await startService(folder, { checkout, nodeOptions });
    cleanups.push(() => service.stop());
    await makeNodes(service.http, folder.dataDir, count);
    return service;
  };
  return { small: await start(NODES.small), large: await start(NODES.large) };
}

/** Undefined after saying what is wrong with them. */
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
