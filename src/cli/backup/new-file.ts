import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Writable } from 'node:stream';
import { codeOf } from '../../files/error-code.js';
import { StartError } from '../../config/start-error.js';
import { writeWhole } from '../../files/whole-file.js';
import { reasonOf } from '../../logging/reason-of.js';

/** Never replaces a file. */
export async function writeNewFile(path: string, fill: (file: Writable) => Promise<void>): Promise<void> {
  refuseExisting(path);
  // Otherwise reported by `fill`, which it breaks off.
  let problem: Error | undefined;
  try {
    await writeWhole(path, `${path}.${randomUUID()}.partial`, async (file) => {
      // A stream of the file itself would close it before it is flushed.
      const target = new Writable({
        write: (bytes: Buffer, _, done) => void file.writeFile(bytes).then(() => done(), done),
      });
      target.on('error', (error) => (problem = error));
      await fill(target);
      refuseExisting(path);
    });
  } catch (error) {
    if (problem === undefined && codeOf(error)?.startsWith('E') !== true) throw error;
    throw new StartError(`The file ${path} cannot be written: ${reasonOf(problem ?? error)}.`);
  }
}

function refuseExisting(path: string): void {
  if (existsSync(path)) throw new StartError(`There is a file ${path} already. Name another one.`);
}
