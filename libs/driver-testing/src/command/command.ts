import { parseArgs } from 'node:util';
import { printable } from '@ferrule/driver-kit/plain';
import { breakingChanges } from '../changes/breaking-changes.js';
import { subjectsIn, subjectsOfTarball } from '../subject/package-subjects.js';
import { PAGE, staleness, writePage } from '../docs/page-file.js';
import { staleBuild } from '../subject/stale-build.js';
import { RULES } from '../rules/index.js';

const USAGE = `ferrule-check [--json]
    Prints the rules that describeDriver checks: id, grade, and whether the machine checks it or somebody must by hand.

ferrule-check --against OLD_TARBALL [FOLDER]
    Lists the changes in the built driver in FOLDER (default: the working directory) that break callers of
    OLD_TARBALL. The exit code is 1 if there are any.

ferrule-check docs [--check] [FOLDER]
    Writes REFERENCE.md, the reference page of the built driver in FOLDER, by default the working directory, from its
    code. With --check nothing is written, and the exit code is 1 if the page is not up to date.
`;

const LAYOUT = '\n\t';

const OPTIONS = {
  json: { type: 'boolean' },
  against: { type: 'string' },
  check: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The program `ferrule-check`. @returns the exit code: 2 for wrong arguments */
export async function main(args: readonly string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    complain(`ferrule-check: ${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  const { values } = parsed;
  const isDocs = parsed.positionals[0] === 'docs' && values.against === undefined;
  const positionals = parsed.positionals.slice(isDocs ? 1 : 0);
  const [folder = process.cwd()] = positionals;
  const surplus = positionals.slice(isDocs || values.against !== undefined ? 1 : 0);
  if (values.check === true && !isDocs) surplus.push('--check');
  if (surplus.length > 0) {
    complain(`ferrule-check: unexpected argument ${surplus.at(-1)}\n\n${USAGE}`);
    return 2;
  }
  if (values.help === true) print(USAGE);
  else if (isDocs) return reported(() => docs(folder, values.check === true));
  else if (values.against !== undefined) {
    const tarball = values.against;
    return reported(() => against(tarball, folder));
  } else print(values.json === true ? `${JSON.stringify(listed(), null, 2)}\n` : `${table()}\n`);
  return 0;
}

async function reported(command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    complain(`ferrule-check: ${messageOf(error)}\n`);
    return 2;
  }
}

async function against(tarball: string, folder: string): Promise<number> {
  warnOfStaleBuild(folder);
  const changes = breakingChanges(await subjectsOfTarball(tarball, folder), await subjectsIn(folder));
  const text = changes.length === 0 ? ['No change breaks callers.'] : changes;
  print(`${text.join('\n')}\n`);
  return changes.length === 0 ? 0 : 1;
}

function warnOfStaleBuild(folder: string): void {
  const warning = staleBuild(folder);
  if (warning !== undefined) complain(`ferrule-check: warning: ${warning}\n`);
}

async function docs(folder: string, isCheck: boolean): Promise<number> {
  warnOfStaleBuild(folder);
  if (!isCheck) await writePage(folder);
  const stale = await staleness(folder);
  if (stale !== undefined) complain(`${stale}\n`);
  else print(`${PAGE} is ${isCheck ? 'up to date' : 'written'}.\n`);
  return stale === undefined ? 0 : 1;
}

/** Names and texts of a driver may hold control characters, which a terminal would obey. */
function print(text: string): void {
  process.stdout.write(printable(text, LAYOUT));
}

function complain(text: string): void {
  process.stderr.write(printable(text, LAYOUT));
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
