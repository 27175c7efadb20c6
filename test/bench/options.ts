import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [options]
  --quick          short rounds: for a first look, not for a report
  --only NAMES     only these, a comma list: shared, exclusive, async, async-exclusive, list,
                   redfish, start, memory
  --beside FOLDER  measure the build in another checkout as well, round by round
  --profile FOLDER write CPU profiles of the services there; the numbers are then slower`;

export interface BenchOptions {
  readonly isQuick: boolean;
  /** Undefined: everything. */
  readonly only: readonly string[] | undefined;
  readonly beside: string | undefined;
  readonly profile: string | undefined;
}

/** @throws TypeError for what is no option. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      beside: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  return {
    isQuick: values.quick,
    only: values.only?.split(','),
    beside: values.beside === undefined ? undefined : resolve(values.beside),
    profile: values.profile === undefined ? undefined : resolve(values.profile),
  };
}

/** Whether something is wanted: by its name, or by the part of it before a dash or an at sign. */
export function isWanted({ only }: BenchOptions, name: string): boolean {
  if (only === undefined) return true;
  return only.some((each) => name === each || name.startsWith(`${each}@`) || name.startsWith(`${each}-`));
}
