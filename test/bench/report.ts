import { type Memory } from './memory.js';
import { type RedfishOverhead } from './redfish.js';
import { type Measurement } from './rounds.js';
import { type StartTimes } from './start-times.js';
import { median } from './statistics.js';

/** Everything that one run found out. */
export interface Findings {
  readonly measurements: readonly Measurement[];
  readonly redfish: RedfishOverhead | undefined;
  readonly starts: StartTimes | undefined;
  readonly memory: readonly Memory[];
}

/** A ratio that somebody asked for, with what it is of. */
interface Ratio {
  readonly title: string;
  readonly value: number;
}

type Row = readonly string[];

/** What people read. */
export function reportText(findings: Findings, circumstances: string): string {
  const { measurements, redfish, starts, memory } = findings;
  const parts = [circumstances];
  if (measurements.length > 0) parts.push(table(measurementRows(measurements)), NOTES);
  const ratios = ratiosOf(measurements);
  if (ratios.length > 0) parts.push(table(ratios.map(({ title, value }) => [title, value.toFixed(2)])));
  if (redfish) parts.push(table(redfishRows(redfish)));
  if (starts) parts.push(table(startRows(starts)));
  if (memory.length > 0) parts.push(table(memoryRows(memory)));
  return parts.join('\n\n');
}

/** What programs read: one line. */
export function reportJson(findings: Findings, circumstances: object): string {
  return JSON.stringify({ ...circumstances, ...findings, ratios: ratiosOf(findings.measurements) });
}

const NOTES = `rate: answers a second with 2xx. vs bare: of the rates, the median of the rounds' ratios. CPU: of the service's
process for one answer, jobs included; db: of its PostgreSQL. done: rate up to the end of the last job.`;

function measurementRows(measurements: readonly Measurement[]): Row[] {
  const bare = measurements.find(({ name }) => name === 'bare');
  return [
    ['', 'rate/s', 'vs bare', 'p50 ms', 'p99 ms', 'CPU µs', 'db µs', 'done/s', 'failed'],
    ...measurements.map((each) => [
      each.title,
      each.rate.toFixed(0),
      bare ? ratioOf(each, bare).toFixed(2) : '-',
      each.p50.toFixed(1),
      each.p99.toFixed(1),
      digits(each.cpu),
      digits(each.databaseCpu),
      each.doneRate === null ? '-' : each.doneRate.toFixed(0),
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
    ...ratio('time of a page of the many nodes to one of the few', 'list-small', 'list-large'),
    ...measurements.flatMap(({ name, title }) => ratio(`the other build: ${title}`, `${name}@beside`, name)),
  ];
}

/** Round by round, so that a slow minute of the machine weighs on both. */
function ratioOf(one: Measurement, other: Measurement): number {
  return median(one.rates.map((rate, round) => rate / (other.rates[round] ?? NaN)));
}

function failures({ failures, statuses }: Measurement): string {
  const named = Object.entries(statuses).map(([status, count]) => `${count}×${status}`);
  return [String(failures), ...named].join(' ');
}

function redfishRows({
  latency,
  direct,
  call,
  requestsPerCall,
  overhead,
  cpu,
  failures,
}: RedfishOverhead): Row[] {
  return [
    [`a call of a BMC that takes ${latency} ms an answer, p50`, 'ms'],
    ['a request straight to the BMC', direct.toFixed(1)],
    [`the passthru call, which makes ${requestsPerCall}; ${failures} failed`, call.toFixed(1)],
    ["the service's own part", overhead.toFixed(1)],
    ['its CPU time for the call, with all else that it does', cpu.toFixed(1)],
  ];
}

function startRows({ cold, warm }: StartTimes): Row[] {
  return [
    ['from `ferrule serve` to the first 200', 'ms'],
    ['first start, makes the database', cold.toFixed(0)],
    ['warm start', warm.toFixed(0)],
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

/** The first column to the left, numbers to the right. */
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
