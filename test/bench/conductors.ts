import { type TestRedis } from '../support/redis.js';
import { makeNodes } from './bench-nodes.js';
import { DataFolder, type ServiceOptions, type ServiceSubject, startService } from './subject.js';
import { exclusiveJobs, type Workload } from './workloads.js';

const NODES = 5_000;
export const COUNTS = [1, 4] as const;

/** Conductors on one database: all answer and run jobs, and the first one gets the calls. */
export interface Conductors {
  readonly name: string;
  readonly title: string;
  readonly first: ServiceSubject;
}

/** On both queues, few and many. */
export const CONDUCTOR_SETS = (['PostgreSQL', 'Redis'] as const).flatMap((queue) =>
  COUNTS.map((count) => ({ queue, count })),
);

export type ConductorSet = (typeof CONDUCTOR_SETS)[number];

/** @param cleanups gets what ends them. */
export async function startConductors(
  { queue, count }: ConductorSet,
  options: ServiceOptions,
  redis: TestRedis,
  cleanups: (() => Promise<void>)[],
): Promise<Conductors> {
  const folder = await DataFolder.make();
  cleanups.push(() => folder.delete());
  const redisUrl = queue === 'Redis' ? `${redis.url}/${count}` : undefined;
  const start = async (number: number): Promise<ServiceSubject> => {
    const env = { ...options.env, FERRULE_HOSTNAME: `conductor-${number}` };
    const subject = await startService(folder, { ...options, redisUrl, env });
    cleanups.push(() => subject.stop());
    return subject;
  };
  const first = await start(1);
  await makeNodes(first, NODES);
  for (let number = 2; number <= count; number++) await start(number);
  return {
    name: `conductors-${queue.toLowerCase()}@${count}`,
    title: `jobs over ${queue}, ${count} conductor${count > 1 ? 's' : ''}`,
    first,
  };
}

export function conductorWorkload({ name, title, first }: Conductors): Workload {
  return { ...exclusiveJobs(first, NODES), name, title };
}
