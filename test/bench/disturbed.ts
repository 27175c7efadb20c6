import { type Disturbance } from './bench-database.js';
import { measure, type Measurement } from './rounds.js';
import { median } from './statistics.js';
import { type ServiceSubject } from './subject.js';
import { exclusiveJobs } from './workloads.js';

/** Rounds at the end of a disturbance that are counted, because its effect grows with time. */
const LAST = 3;

export interface Disturbed {
  readonly disturbance: Disturbance;
  readonly seconds: number;
  readonly clean: number;
  readonly disturbed: number;
}

export async function measureDisturbed(
  subject: ServiceSubject,
  nodes: number,
  seconds: number,
  connections: number,
  progress: (text: string) => void,
): Promise<Disturbed[]> {
  const round = Math.min(4, seconds / LAST);
  const load = async (rounds: number): Promise<number> => {
    const workload = exclusiveJobs(subject, nodes);
    const [measurement] = await measure([workload], { rounds, seconds: round, connections }, progress);
    return median(doneRates(measurement).slice(-LAST));
  };
  const found: Disturbed[] = [];
  for (const disturbance of ['transaction', 'query'] as const) {
    const clean = await load(LAST);
    const rounds = Math.max(LAST, Math.ceil(seconds / round) - 1);
    const disturbed = await subject.database.during(disturbance, () => load(rounds));
    found.push({ disturbance, seconds, clean, disturbed });
  }
  return found;
}

function doneRates(measurement: Measurement | undefined): readonly number[] {
  if (!measurement) throw new TypeError('The workload has a measurement.');
  return measurement.doneRates;
}
