import { join } from 'node:path';
import { type Child, startTypeScript } from '../support/child.js';
import { type LoadOrder, type LoadResult } from './load.js';
import { cpuSeconds } from './process-usage.js';
import { median } from './statistics.js';
import { type Workload } from './workloads.js';

export interface RoundOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

/** Medians over the rounds; failures are the sum. */
export interface Measurement {
  readonly name: string;
  readonly title: string;
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of CPU time per answer, of the service and of its database. */
  readonly cpu: number;
  readonly databaseCpu: number;
  /** Answers per second, including promised work; only for workloads that settle. */
  readonly doneRate: number | null;
  readonly doneRates: readonly number[];
  /** Writing transactions per answer; only for workloads that settle. */
  readonly commits: number | null;
  readonly failures: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly rates: readonly number[];
}

interface Sample extends LoadResult {
  readonly cpu: number;
  readonly databaseCpu: number;
  readonly settledSeconds: number;
  readonly commits: number;
}

/** Round by round, so that other load on the machine affects all alike. */
export async function measure(
  workloads: readonly Workload[],
  { rounds, seconds, connections }: RoundOptions,
  progress: (text: string) => void,
): Promise<Measurement[]> {
  const samples = new Map<Workload, Sample[]>(workloads.map((workload) => [workload, []]));
  const generator = startTypeScript(join(import.meta.dirname, 'load-generator.ts'));
  try {
    // The first round is a warm-up and is not counted.
    for (let round = 0; round <= rounds; round++) {
      for (const [workload, taken] of samples) {
        progress(`${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: ${workload.name}`);
        const sample = await take(generator, workload, { load: workload.load, connections, seconds });
        if (round > 0) taken.push(sample);
      }
    }
  } finally {
    await generator.kill('SIGTERM');
  }
  return [...samples].map(([workload, taken]) => summary(workload, taken));
}

async function take(
  generator: Child,
  { subject, database, settle }: Workload,
  order: LoadOrder,
): Promise<Sample> {
  const cpu = cpuSeconds([subject.pid]);
  const commits = await database?.writeTransactions();
  const before = new Map(subject.databasePids.map((pid) => [pid, cpuSeconds([pid])]));
  const start = performance.now();
  generator.say(JSON.stringify(order));
  const result = JSON.parse(await generator.line()) as LoadResult;
  // The cost of an async call includes its job.
  await settle?.();
  return {
    ...result,
    cpu: cpuSeconds([subject.pid]) - cpu,
    databaseCpu: spentSince(before, subject.databasePids),
    settledSeconds: (performance.now() - start) / 1000,
    commits: database && commits !== undefined ? (await database.writeTransactions()) - commits : NaN,
  };
}

/** Includes database sessions that were opened since. */
function spentSince(before: ReadonlyMap<number, number>, pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuSeconds([pid]) - (before.get(pid) ?? 0), 0);
}

function summary({ name, title, settle }: Workload, samples: readonly Sample[]): Measurement {
  const middle = (value: (sample: Sample) => number) => median(samples.map(value));
  const statuses: Record<string, number> = {};
  for (const [status, count] of samples.flatMap((sample) => Object.entries(sample.statuses))) {
    statuses[status] = (statuses[status] ?? 0) + count;
  }
  return {
    name,
    title,
    rate: middle(({ answers, seconds }) => answers / seconds),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    cpu: middle(({ cpu, answers }) => (cpu / answers) * 1e6),
    databaseCpu: middle(({ databaseCpu, answers }) => (databaseCpu / answers) * 1e6),
    doneRate: settle ? middle(({ answers, settledSeconds }) => answers / settledSeconds) : null,
    doneRates: settle ? samples.map(({ answers, settledSeconds }) => answers / settledSeconds) : [],
    commits: settle ? middle(({ commits, answers }) => commits / answers) : null,
    failures: samples.reduce((sum, { failures }) => sum + failures, 0),
    statuses,
    rates: samples.map(({ answers, seconds }) => Math.round(answers / seconds)),
  };
}
