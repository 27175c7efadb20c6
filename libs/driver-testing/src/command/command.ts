import { RULES } from '../rules/index.js';

const USAGE = `ferrule-check

Prints the rules that describeDriver checks: id, grade, and whether the machine checks it or somebody must by hand.

  --json   as JSON
`;

/** The program `ferrule-check`. @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  const unknown = args.filter((each) => !['--json', '--help', '-h'].includes(each));
  if (unknown.length > 0) {
    process.stderr.write(`ferrule-check: unknown argument ${unknown.join(', ')}\n\n${USAGE}`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h')) process.stdout.write(USAGE);
  else if (args.includes('--json')) process.stdout.write(`${JSON.stringify(listed(), null, 2)}\n`);
  else process.stdout.write(`${table()}\n`);
  return 0;
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
