import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Writable } from 'node:stream';
import { StartError } from '../../config/start-error.js';
import { codeOf } from '../../database/faults/error-code.js';
import { reasonOf } from '../../logging/reason-of.js';

/** Readable by its owner only; on the disk and whole before it has its name. Removed if `fill` fails. */
export async function writeNewFile(path: string, fill: (file: Writable) => Promise<void>): Promise<void> {
  refuseExisting(path);
  const partial = `${path}.${randomUUID()}.partial`;
  const file = createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true });
  // Otherwise reported by `fill`, which it breaks off.
  let problem: Error | undefined;
  file.on('error', (error) => (problem = error));
  try {
    await fill(file);
    refuseExisting(path);
    await rename(partial, path);
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(partial, { force: true });
    if (problem === undefined && codeOf(error)?.startsWith('E') !== true) throw error;
    throw new StartError(`The file ${path} cannot be written: ${reasonOf(problem ?? error)}.`);
  }
}

function refuseExisting(path: string): void {
  if (existsSync(path)) throw new StartError(`There is a file ${path} already. Name another one.`);
}

/** So that the name is on the disk, too. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
