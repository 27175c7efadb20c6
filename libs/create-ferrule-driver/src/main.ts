import { relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { DriverName } from './driver-name.js';
import { LANGUAGES, type Language, writePackage } from './new-package.js';
import { Tarballs } from './tarballs.js';

const USAGE = `Usage: npm create ferrule-driver@latest [NAME] [FOLDER] [-- OPTIONS]

  NAME               the hardware type, for example acme-xr; the package is ferrule-driver-NAME
  FOLDER             where the package is written; ferrule-driver-NAME if it is left out

  --javascript       plain JavaScript instead of TypeScript
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
  let wanted: Wanted | undefined;
  try {
    wanted = await read(args, terminal);
  } catch (error) {
    stderr.write(`${textOf(error)}\n\n${USAGE}\n`);
    return 2;
  }
  if (!wanted) {
    stdout.write(`${USAGE}\n`);
    return 0;
  }
  try {
    const tarballs = wanted.tarballs === undefined ? undefined : Tarballs.in(resolve(wanted.tarballs));
    const files = writePackage({ ...wanted, tarballs });
    stdout.write(`${summary(wanted, files)}\n`);
    return 0;
  } catch (error) {
    stderr.write(`${textOf(error)}\n`);
    return 1;
  }
}

interface Wanted {
  readonly name: DriverName;
  readonly folder: string;
  readonly language: Language;
  readonly tarballs: string | undefined;
}

async function read(args: readonly string[], terminal: Terminal): Promise<Wanted | undefined> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      javascript: { type: 'boolean' },
      tarballs: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const [given, folder, ...surplus] = positionals;
  if (surplus.length > 0) throw new Error(`Too many arguments: ${surplus.join(' ')}.`);
  const name = DriverName.parse(given ?? (await ask(terminal)));
  return {
    name,
    folder: resolve(folder ?? name.package),
    language: LANGUAGES[values.javascript ? 1 : 0],
    tarballs: values.tarballs,
  };
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
