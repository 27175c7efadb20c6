import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../execution/method-errors.js';
import { type AvailableDriver } from './driver-package.js';
import { placeAbove, placeInStack, type SourcePlace } from './place-in-stack.js';

const DECORATOR = /^\s*@[A-Za-z_$]/;

/** Milliseconds; a module that is imported may wait for something. */
const CHILD_LIMIT = 20_000;

/** Why a module cannot be imported, with the line of the package if it can be found. */
export async function explainImport(
  error: unknown,
  from: Pick<AvailableDriver, 'file' | 'folder'>,
): Promise<string> {
  if (!(error instanceof Error)) return `${from.file} throws while it is imported: ${messageOf(error)}`;
  // Messages of CommonJS go on with a list of files.
  const [message = ''] = error.message.split('\n', 1);
  const place = await placeOf(error, from);
  if (place === undefined) return `${from.file} cannot be imported: ${error.name}: ${message}`;
  const where = `${place.file}:${place.line}`;
  if (error.name === 'SyntaxError' && DECORATOR.test(place.code ?? '')) {
    return (
      `${where} has a decorator, which Node cannot run: ${place.code?.trim()}. Compile it with tsc and ` +
      '"experimentalDecorators": true, or call the decorator as a function'
    );
  }
  return `${where} throws while it is imported: ${error.name}: ${message.replace(/ imported from .+$/, '')}`;
}

async function placeOf(
  error: Error,
  { file, folder }: Pick<AvailableDriver, 'file' | 'folder'>,
): Promise<SourcePlace | undefined> {
  const stack = error.stack ?? '';
  const known = placeAbove(stack) ?? importIn(error.message) ?? placeInStack(stack, folder);
  if (known !== undefined || error.name !== 'SyntaxError') return known;
  return placeAbove(await complaintsOf(file));
}

/** The line that imports what does not exist. */
function importIn(message: string): SourcePlace | undefined {
  const [, missing = '', file = ''] = /^Cannot find .*'(.+)' imported from (.+)$/.exec(message) ?? [];
  if (file === '') return undefined;
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    const line = lines.findIndex(
      (text) => /\b(import|from|export)\b/.test(text) && text.includes(basename(missing)),
    );
    return line < 0 ? undefined : { file, line: line + 1 };
  } catch {
    return undefined;
  }
}

/** Only an error that ends Node tells the line of a syntax error in an ES module, which runs nothing of it. */
function complaintsOf(file: string): Promise<string> {
  const code = `await import(${JSON.stringify(pathToFileURL(file).href)})`;
  const args = [...process.execArgv, '--input-type=module', '--eval', code];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: CHILD_LIMIT }, (_error, _stdout, stderr) => resolve(stderr));
  });
}
