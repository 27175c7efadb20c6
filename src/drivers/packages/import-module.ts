import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Type } from '@nestjs/common';
import { isClass } from './checks/is-class.js';
import { type AvailableDriver } from './driver-package.js';
import { explainImport } from './import-errors.js';
import { packageInStack } from './package-in-stack.js';
import { withLimit } from '../../waiting/with-limit.js';

const LIMIT_MS = 30_000;
const LATE = `its import did not end within ${LIMIT_MS / 1_000} s; a module must not wait at its top level for what may hang`;

/** @throws Error whose message says what is wrong, and in which line of the package. */
export async function importModule(from: AvailableDriver): Promise<Type<object>> {
  let exported = from.module;
  try {
    exported ??= (await imported(from)).default;
  } catch (error) {
    throw new Error(await explainImport(error, from), { cause: error });
  }
  // `exports.default = …` of CommonJS is a member of the default export.
  if (hasDefault(exported)) exported = exported.default;
  if (isClass(exported)) return exported;
  throw new Error(`the default export of ${from.file} is not a class`);
}

/** The packages that are being imported, several at a time. */
const importing = new Set<AvailableDriver>();

async function imported(from: AvailableDriver): Promise<{ readonly default?: unknown }> {
  if (importing.size === 0) process.once('exit', tellExit);
  importing.add(from);
  try {
    const work = import(pathToFileURL(from.file).href) as Promise<{ readonly default?: unknown }>;
    return await withLimit(work, LIMIT_MS, `${LATE}: ${from.file}`);
  } finally {
    importing.delete(from);
    if (importing.size === 0) process.removeListener('exit', tellExit);
  }
}

/** The listener runs inside `process.exit`, so its stack has the file that called it. */
function tellExit(): void {
  const packages = [...importing];
  const name =
    packageInStack(new Error().stack ?? '', packages) ?? packages.map((each) => each.package).join(', ');
  writeSync(2, `Package ${name}: it ended the process while it was imported.\n`);
  process.exitCode = 1;
}

function hasDefault(value: unknown): value is { readonly default: unknown } {
  return typeof value === 'object' && value !== null && 'default' in value;
}
