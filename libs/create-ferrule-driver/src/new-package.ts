import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Origin, RECORD } from './origin.js';
import { codeOf, PackageFiles } from './package-files.js';
import { filledTemplate, type NewPackage } from './template.js';

/**
 * Writes the files of a new driver package. If it fails, none of them is left.
 * @returns their paths in the folder
 * @throws Error if the folder holds anything or cannot be written
 */
export function writePackage(wanted: NewPackage): string[] {
  const { folder } = wanted;
  const files = filledTemplate(wanted);
  const made = emptyFolder(folder);
  try {
    const target = new PackageFiles(folder);
    for (const [path, text] of files) target.write(path, text);
    Origin.of(wanted, files).writeTo(folder);
  } catch (error) {
    const written = [RECORD, ...files.keys()].map((path) => join(folder, path.split('/')[0] ?? path));
    for (const path of made === undefined ? written : [made]) rmSync(path, { recursive: true, force: true });
    throw error;
  }
  return [...files.keys()];
}

/** Makes the folder unless it is there. @returns the first folder that was made */
function emptyFolder(folder: string): string | undefined {
  let entries: string[];
  let made: string | undefined;
  try {
    made = makeFolder(folder);
    entries = readdirSync(folder);
  } catch (error) {
    throw new Error(`${folder} cannot be used${codeOf(error)}: name a folder that is new or empty.`, {
      cause: error,
    });
  }
  if (entries.length > 0) throw new Error(`${folder} is not empty: name a folder that is new or empty.`);
  return made;
}

/** Node's `mkdirSync` with `recursive` never ends below /proc. @returns the first folder that was made */
function makeFolder(folder: string): string | undefined {
  if (existsSync(folder)) return undefined;
  const first = makeFolder(dirname(folder));
  mkdirSync(folder);
  return first ?? folder;
}
