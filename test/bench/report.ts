import { type Latency } from './latency.js';
import { type DevRestarts } from './dev-restarts.js';
import { type Disturbed } from './disturbed.js';
import { type EventLatency } from './events.js';
import { type Fleet } from './fleet.js';
import { type FleetCallTimes } from './fleet-call.js';
import { type Memory } from './memory.js';
import { type RedfishOverhead } from './redfish.js';
import { type Measurement } from './rounds.js';
import { type StartTimes } from './start-times.js';
import { median } from './statistics.js';

export interface Findings {
  readonly measurements: readonly Measurement[];
  readonly latency: Latency | undefined;
  readonly events: EventLatency | undefined;
  readonly manyNodes: FleetCallTimes | undefined;
  /** Each load on a service with few nodes and jobs, one with many nodes, and one with many jobs. */
  readonly growth: readonly Measurement[];
  readonly conductors: readonly Measurement[];
  readonly disturbed: readonly Disturbed[];
  readonly redfish: RedfishOverhead | undefined;
  readonly fleet: Fleet | undefined;
  readonly starts: StartTimes | undefined;
  readonly dev: DevRestarts | undefined;
  readonly memory: readonly Memory[];
}

interface Ratio {
  readonly title: string;
  readonly value: number;
}

type Row = readonly string[];

/** @param rounds of the table of loads: how many connections, rounds and seconds. */
export function reportText(findings: Findings, circumstances: string, rounds: string): string {
  const {
    measurements,
    growth,
    conductors,
    latency,
    events,
    manyNodes,
    disturbed,
    redfish,
    fleet,
    starts,
    dev,
    memory,
  } = findings;
  const parts = [circumstances];
  if (measurements.length > 0) parts.push(rounds, table(measurementRows(measurements)), NOTES);
  const ratios = ratiosOf(measurements);
  if (ratios.length > 0) parts.push(table(ratios.map(({ title, value }) => [title, value.toFixed(2)])));
  if (growth.length > 0) parts.push(rounds, table(growthRows(growth)));
  if (conductors.length > 0) parts.push(rounds, table(measurementRows(conductors)));
  if (latency) parts.push(table(latencyRows(latency)));
  if (events) parts.push(table(eventRows(events)));
  if (manyNodes) parts.push(table(fleetCallRows(manyNodes)));
  if (disturbed.length > 0) parts.push(table(disturbedRows(disturbed)));
  if (redfish) parts.push(table(redfishRows(redfish)));
  if (fleet) parts.push(table(fleetRows(fleet)));
  if (starts) parts.push(table(startRows(starts)));
  if (dev) parts.push(table(devRows(dev)));
  if (memory.length > 0) parts.push(table(memoryRows(memory)));
  return parts.join('\n\n');
}

export function reportJson(findings: Findings, circumstances: object): string {
  return JSON.stringify({ ...circumstances, ...findings, ratios: ratiosOf(findings.measurements) });
}

const NOTES = `rate: answers a second with 2xx. vs bare: of the rates, the median of the rounds' ratios. CPU: of the service's
process for one answer, jobs included; db: of its PostgreSQL. done: rate up to the end of the last job. commits: of
transactions that wrote something, for one answer.`;

function measurementRows(measurements: readonly Measurement[]): Row[] {
  const bare = measurements.find(({ name }) => name === 'bare');
  return [
    ['', 'rate/s', 'vs bare', 'p50 ms', 'p99 ms', 'CPU µs', 'db µs', 'done/s', 'commits', 'failed'],
    ...measurements.map((each) => [
      each.title,
      each.rate.toFixed(0),
      bare ? ratioOf(each, bare).toFixed(2) : '-',
      each.p50.toFixed(1),
      each.p99.toFixed(1),
      digits(each.cpu),
      digits(each.databaseCpu),
      each.doneRate === null ? '-' : each.doneRate.toFixed(0),
      each.commits === null ? '-' : each.commits.toFixed(2),
      failures(each),
    ]),
  ];
}

function ratiosOf(measurements: readonly Measurement[]): Ratio[] {
  const found = new Map(measurements.map((each) => [each.name, each]));
  const ratio = (title: string, name: string, to: string): Ratio[] => {
    const [one, other] = [found.get(name), found.get(to)];
    return one && other ? [{ title, value: ratioOf(one, other) }] : [];
  };
  return [
    ...ratio('sync passthru, shared lock, to the bare controller', 'shared', 'bare'),
    ...ratio('the same, to one on the adapter of the service', 'shared', 'adapted'),
    ...ratio(
      'sync passthru, shared lock, with a token and a policy file, to the bare controller',
      'shared-token',
      'bare',
    ),
    ...ratio('sync passthru, exclusive lock, to the bare controller', 'exclusive', 'bare'),
    ...ratio('accepting under an exclusive lock, to the bare controller', 'async-exclusive', 'bare'),
    ...doneRatio(found.get('async-exclusive'), found.get('bare')),
    ...spread(found.get('async-exclusive')),
    ...ratio('time of a page of the many nodes to one of the few', 'list-small', 'list-large'),
    ...ratio('the same right after a bulk load', 'list-small@fresh', 'list-large@fresh'),
    ...measurements.flatMap(({ name, title }) => ratio(`the other build: ${title}`, `${name}@beside`, name)),
  ];
}

/** How many times slower each load became: more than 1.3 is too much. */
function growthRows(growth: readonly Measurement[]): Row[] {
  const found = new Map(growth.map((each) => [each.name, each]));
  const times = (name: string, grown: string): string => {
    const [base, other] = [found.get(`${name}@base`), found.get(`${name}@${grown}`)];
    return base && other ? ratioOf(base, other).toFixed(2) : '-';
  };
  return [
    ['', 'rate/s', 'times with many nodes', 'times with many jobs', 'failed'],
    ...growth
      .filter(({ name }) => name.endsWith('@base'))
      .map((base) => {
        const name = base.name.slice(0, -'@base'.length);
        const all = growth.filter((each) => each.name.startsWith(`${name}@`));
        const failed = all.reduce((sum, each) => sum + each.failures, 0);
        return [
          name.slice('growth-'.length),
          base.rate.toFixed(0),
          times(name, 'nodes'),
          times(name, 'jobs'),
          String(failed),
        ];
      }),
  ];
}

function doneRatio(jobs: Measurement | undefined, bare: Measurement | undefined): Ratio[] {
  if (!jobs || !bare) return [];
  const value = median(jobs.doneRates.map((rate, round) => rate / (bare.rates[round] ?? NaN)));
  return [{ title: 'jobs finished, to the bare controller', value }];
}

function spread(jobs: Measurement | undefined): Ratio[] {
  return jobs ? [{ title: 'accepting under an exclusive lock, p99 to p50', value: jobs.p99 / jobs.p50 }] : [];
}

/** Compares round by round, so that a slow phase of the machine affects both sides. */
function ratioOf(one: Measurement, other: Measurement): number {
  return median(one.rates.map((rate, round) => rate / (other.rates[round] ?? NaN)));
}

function failures({ failures, statuses }: Measurement): string {
  const named = Object.entries(statuses).map(([status, count]) => `${count}×${status}`);
  return [String(failures), ...named].join(' ');
}

function latencyRows({ p50, p95 }: Latency): Row[] {
  return [
    ['the job of a single client, ms', 'p50', 'p95'],
    ['from written to started', p50.toFixed(0), p95.toFixed(0)],
  ];
}

function eventRows({ events, p50, p95 }: EventLatency): Row[] {
  return [
    [`events of ${events} jobs in another process, ms`, 'p50', 'p95'],
    ['from the end of the job to its event', p50.toFixed(0), p95.toFixed(0)],
  ];
}

function fleetCallRows({ nodes, parallelism, created, ended, others }: FleetCallTimes): Row[] {
  return [
    [
      `a fleet call on ${nodes} nodes, ${parallelism} at the same time, of which ${others} did not succeed`,
      's',
    ],
    ['until it is made', (created / 1_000).toFixed(1)],
    ['until its last job has ended', (ended / 1_000).toFixed(1)],
  ];
}

function disturbedRows(disturbed: readonly Disturbed[]): Row[] {
  const titles = { transaction: 'a transaction is held open', query: 'a query reads the jobs' };
  return [
    ['jobs finished a second while …', 'clean', 'at the end', 'ratio'],
    ...disturbed.map((each) => [
      `${titles[each.disturbance]} for ${each.seconds} s`,
      each.clean.toFixed(0),
      each.disturbed.toFixed(0),
      (each.disturbed / each.clean).toFixed(2),
    ]),
  ];
}

function redfishRows({
  latency,
  direct,
  relay,
  before,
  call,
  calls,
  requestsPerCall,
  overhead,
  cpu,
}: RedfishOverhead): Row[] {
  return [
    [`a call of a BMC that takes ${latency} ms an answer, p50 of ${calls}`, 'ms'],
    ['a request straight to the BMC', direct.toFixed(1)],
    ["the same through a bare relay of Node's HTTP", relay.toFixed(1)],
    [`the passthru call, which makes ${requestsPerCall}, after ${before} calls`, call.toFixed(1)],
    ["the service's own part", overhead.toFixed(1)],
    ['its CPU time for the call, with all else that it does', cpu.toFixed(1)],
  ];
}

function fleetRows(fleet: Fleet): Row[] {
  const { bmcs, dead, seconds, connections, alone, beside, slowest, waiting, ended, ratio, cpu, failures } =
    fleet;
  return [
    [
      `calls a second to ${bmcs - dead} of ${bmcs} BMCs, rounds of ${seconds} s, ${connections} connections; ${failures} failed`,
      '1/s',
    ],
    ['alone', alone.join(' ')],
    [
      `while a call waits at each of the ${dead} others (at least ${waiting}), of which ${ended} timed out`,
      beside.join(' '),
    ],
    ['ratio', ratio.toFixed(2)],
    ['the slowest second, alone and beside them', slowest.join(' → ')],
    ["the service's CPU time for such a call, ms", cpu.map((each) => each.toFixed(2)).join(' → ')],
  ];
}

function startRows({ cold, warm }: StartTimes): Row[] {
  return [
    ['from `ferrule serve` to the first 200', 'ms'],
    ['first start, makes the database', cold.toFixed(0)],
    ['warm start', warm.toFixed(0)],
  ];
}

function devRows({ saves, p50, p95 }: DevRestarts): Row[] {
  return [
    [`from saving a driver's source to its answer under \`ferrule dev\`, ${saves} saves, ms`, 'p50', 'p95'],
    ['TypeScript, the package of the generator', p50.toFixed(0), p95.toFixed(0)],
  ];
}

function memoryRows(memory: readonly Memory[]): Row[] {
  return [
    ['memory, MiB', 'service RSS', 'its peak', 'PostgreSQL'],
    ...memory.map(({ when, service, servicePeak, database }) => [
      when,
      mebibytes(service),
      mebibytes(servicePeak),
      mebibytes(database),
    ]),
  ];
}

const digits = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(0));
const mebibytes = (bytes: number): string => digits(bytes / 1024 / 1024);

function table(rows: readonly Row[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
