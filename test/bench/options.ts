import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [options]
  --quick          short rounds: for a first look, not for a report
  --only NAMES     only these, a comma list: adapted, shared, shared-token, exclusive, async, async-exclusive,
                   list, latency, events, disturbed, growth, conductors, many-nodes, redfish, fleet, start, dev,
                   memory
  --redis          carry the jobs over a Redis of the benchmark's own
  --beside FOLDER  measure the build in another checkout as well, round by round
  --profile FOLDER write CPU profiles of the services there; the numbers are then slower`;

export interface BenchOptions {
  readonly isQuick: boolean;
  readonly only: readonly string[] | undefined;
  readonly beside: string | undefined;
  readonly profile: string | undefined;
  readonly isRedis: boolean;
}

const NAMES = [
  'adapted',
  'shared',
  'shared-token',
  'exclusive',
  'async',
  'async-exclusive',
  'list',
  'latency',
  'events',
  'disturbed',
  'growth',
  'conductors',
  'many-nodes',
  'redfish',
  'fleet',
  'start',
  'dev',
  'memory',
];

/** @throws TypeError for an unknown option or name. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      beside: { type: 'string' },
      profile: { type: 'string' },
      redis: { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',');
  const unknown = only?.filter((name) => !NAMES.includes(name)) ?? [];
  if (unknown.length > 0) throw new TypeError(`There is nothing to measure called ${unknown.join(', ')}.`);
  return {
    isQuick: values.quick,
    only,
    beside: values.beside === undefined ? undefined : resolve(values.beside),
    profile: values.profile === undefined ? undefined : resolve(values.profile),
    isRedis: values.redis,
  };
}

/** By name or by the part before a dash or an at sign. */
export function isWanted({ only }: BenchOptions, name: string): boolean {
  if (only === undefined) return true;
  return only.some((each) => name === each || name.startsWith(`${each}@`) || name.startsWith(`${each}-`));
}
