import { relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { DriverName } from './driver-name.js';
import { writePackage } from './new-package.js';
import { Tarballs } from './tarballs.js';
import { type Language } from './template.js';
import { updateSteps } from './update.js';

const USAGE = `Usage: npm create ferrule-driver@latest [NAME] [FOLDER] [-- OPTIONS]
       npm create ferrule-driver@latest update [FOLDER] [-- OPTIONS]

  NAME               the hardware type, for example acme-xr; the package is ferrule-driver-NAME
  FOLDER             where the package is written; ferrule-driver-NAME if it is left out
  update             lists what the newest template would change in the package in FOLDER (default:
                     the working directory)

  --javascript       plain JavaScript instead of TypeScript
  --write            makes the changes that update lists
  --tarballs FOLDER  install Ferrule's packages from the files that "npm run pack" wrote there
  --help             print this text`;

/** Where the program writes, and whom it may ask. */
export interface Terminal {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Answers the one question, the name; undefined where nobody can answer. */
  readonly stdin: (NodeJS.ReadableStream & { readonly isTTY?: boolean }) | undefined;
}

/**
 * Runs the generator.
 * @returns the exit code: 0, 1 if nothing could be written, 2 for wrong arguments
 */
export async function main(args: readonly string[], terminal: Terminal = process): Promise<number> {
  const { stdout, stderr } = terminal;
  let command: Command | undefined;
  try {
    command = await read(args, terminal);
  } catch (error) {
    stderr.write(`${textOf(error)}\n\n${USAGE}\n`);
    return 2;
  }
  try {
    stdout.write(`${command?.() ?? USAGE}\n`);
    return 0;
  } catch (error) {
    stderr.write(`${textOf(error)}\n`);
    return 1;
  }
}

/** Returns what is printed. */
type Command = () => string;

interface Wanted {
  readonly name: DriverName;
  readonly folder: string;
  readonly language: Language;
}

async function read(args: readonly string[], terminal: Terminal): Promise<Command | undefined> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      javascript: { type: 'boolean' },
      write: { type: 'boolean', default: false },
      tarballs: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const [given, folder, ...surplus] = positionals;
  if (surplus.length > 0) throw new Error(`Too many arguments: ${surplus.join(' ')}.`);
  const tarballs = () => (values.tarballs === undefined ? undefined : Tarballs.in(resolve(values.tarballs)));
  if (given === 'update') {
    if (values.javascript)
      throw new Error('update keeps the language of the package: leave out --javascript.');
    return () => update(resolve(folder ?? '.'), values.write, tarballs());
  }
  if (values.write)
    throw new Error('--write belongs to update: create-ferrule-driver update FOLDER --write.');
  const name = DriverName.parse(given ?? (await ask(terminal)));
  const wanted = {
    name,
    folder: resolve(folder ?? name.package),
    language: values.javascript ? 'javascript' : 'typescript',
  } as const;
  return () => summary(wanted, writePackage({ ...wanted, tarballs: tarballs() }));
}

function update(folder: string, isWriting: boolean, tarballs: Tarballs | undefined): string {
  const steps = updateSteps(folder, tarballs);
  if (steps.length === 0) return 'The package is up to date.';
  if (isWriting) for (const { act } of steps) act();
  const listed = steps.map(({ text }) => `  ${text}`).join('\n');
  return isWriting
    ? `Done:\n${listed}\n\nRun npm install, npm run docs and npm test.`
    : `To do:\n${listed}\n\nNothing was changed. Add --write to do it.`;
}

async function ask({ stdin, stdout }: Terminal): Promise<string> {
  if (!stdin?.isTTY) throw new Error('The name of the hardware type is missing.');
  const prompt = createInterface({ input: stdin, output: stdout });
  try {
    return (await prompt.question('Name of the hardware type, for example acme-xr: ')).trim();
  } finally {
    prompt.close();
  }
}

function summary({ name, folder }: Wanted, files: readonly string[]): string {
  const path = relative(process.cwd(), folder) || '.';
  return `${name.package} is written to ${path}:
${files.map((file) => `  ${file}`).join('\n')}

  cd ${path}
  npm install
  npm run dev     # serves the driver, and restarts after a change
  npm test`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
