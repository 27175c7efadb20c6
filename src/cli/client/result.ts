import { createWriteStream, existsSync } from 'node:fs';
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../../files/error-code.js';
import { StartError } from '../../config/start-error.js';
import { type ApiAnswer } from './api-client.js';
import { type Output } from '../output.js';
import { fileNameOf } from './file-name.js';

export interface SaveOptions {
  /** - is the standard output. */
  readonly out?: string;
  readonly force?: boolean;
}

/** Before anything is asked, since the result could be lost otherwise. @throws StartError */
export async function toSave({ out }: SaveOptions): Promise<void> {
  if (out === undefined || out === '-') return;
  try {
    if (existsSync(out)) {
      if ((await stat(out)).isDirectory()) throw new StartError(`--out ${out} is a folder. Name a file.`);
      await access(out, constants.W_OK);
    } else await access(dirname(out), constants.W_OK);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw unwritable(out, error);
  }
}

/** Prints the answer of a method, or saves it if it is a file. */
export async function saveAnswer(answer: ApiAnswer, options: SaveOptions, out: Output): Promise<void> {
  const { headers, body } = answer;
  const disposition = headers['content-disposition'];
  const isFile = disposition !== undefined;
  if (!isFile && (options.out === undefined || options.out === '-')) {
    printJson(body, out);
  } else if (options.out === '-') {
    await toStandardOutput(body);
  } else if (options.out !== undefined) {
    await write(options.out, body, 'w');
    out.complain(`${body.length} bytes are in ${options.out}.`);
  } else {
    const path = await saveAs(fileNameOf(disposition ?? ''), body, options.force === true);
    out.complain(`${body.length} bytes are in ${path}.`);
  }
}

function printJson(body: Buffer, out: Output): void {
  const text = body.toString('utf8');
  if (text === '') return;
  out.print(pretty(text));
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** A terminal would obey what is in the bytes. */
async function toStandardOutput(body: Buffer): Promise<void> {
  if (process.stdout.isTTY && isBinary(body)) {
    throw new StartError('The file has bytes that a terminal must not get. Name a file with --out.');
  }
  await pipeline([body], createWriteStream('', { fd: 1, autoClose: false }));
}

export function isBinary(body: Buffer): boolean {
  const text = body.toString('utf8');
  return text.includes('\uFFFD') || /[^\P{Cc}\t\n\r]/u.test(text);
}

const MOST_NAMES = 1_000;

/** Never over another file unless `isForced`: the next free name instead, since a result may be there only once. */
async function saveAs(name: string, body: Buffer, isForced: boolean): Promise<string> {
  if (isForced) {
    await write(name, body, 'w');
    return name;
  }
  const [stem, extension] = [basename(name, extname(name)), extname(name)];
  for (let count = 0; count < MOST_NAMES; count++) {
    const path = count === 0 ? name : `${stem}-${count}${extension}`;
    try {
      await writeFile(path, body, { flag: 'wx', mode: 0o600 });
      return path;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw unwritable(path, error);
    }
  }
  throw new StartError(`There are ${MOST_NAMES} files such as ${name} already. Name another one with --out.`);
}

async function write(path: string, body: Buffer, flag: string): Promise<void> {
  try {
    await writeFile(path, body, { flag, mode: 0o600 });
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): StartError {
  return new StartError(`The file ${path} cannot be written: ${codeOf(error) ?? String(error)}.`);
}
