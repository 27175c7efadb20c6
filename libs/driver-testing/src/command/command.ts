import { parseArgs } from 'node:util';
import { breakingChanges } from '../changes/breaking-changes.js';
import { subjectsIn, subjectsOfTarball } from '../changes/package-subjects.js';
import { RULES } from '../rules/index.js';

const USAGE = `ferrule-check [--json]
    Prints the rules that describeDriver checks: id, grade, and whether the machine checks it or somebody must by hand.

ferrule-check --against OLD_TARBALL [FOLDER]
    Says what callers of the old version of a driver can do no more with the built one in FOLDER, by default the
    working directory. The exit code is 1 if there is anything.
`;

const OPTIONS = {
  json: { type: 'boolean' },
  against: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The program `ferrule-check`. @returns the exit code: 2 for wrong arguments */
export async function main(args: readonly string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    process.stderr.write(`ferrule-check: ${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  const { values, positionals } = parsed;
  if (positionals.length > (values.against === undefined ? 0 : 1)) {
    process.stderr.write(`ferrule-check: unexpected argument ${positionals.at(-1)}\n\n${USAGE}`);
    return 2;
  }
  if (values.help === true) process.stdout.write(USAGE);
  else if (values.against !== undefined) return against(values.against, positionals[0] ?? process.cwd());
  else process.stdout.write(values.json === true ? `${JSON.stringify(listed(), null, 2)}\n` : `${table()}\n`);
  return 0;
}

async function against(tarball: string, folder: string): Promise<number> {
  try {
    const changes = breakingChanges(await subjectsOfTarball(tarball, folder), await subjectsIn(folder));
    const text = changes.length === 0 ? ['No change breaks callers.'] : changes;
    process.stdout.write(`${text.join('\n')}\n`);
    return changes.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`ferrule-check: ${messageOf(error)}\n`);
    return 2;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function listed() {
  return RULES.map(({ id, grade, title, check }) => ({ id, grade, machine: check !== undefined, title }));
}

function table(): string {
  const width = Math.max(...RULES.map(({ id }) => id.length));
  const rows = listed().map(({ id, grade, machine, title }) =>
    [id.padEnd(width), grade.padEnd(6), machine ? 'machine' : 'by hand', title].join('  '),
  );
  const count = listed().filter(({ machine }) => machine).length;
  return [...rows, '', `${RULES.length} rules, ${count} of them checked by the machine.`].join('\n');
}
