import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Origin } from './origin.js';
import { filesIn, filledTemplate, type NewPackage } from './template.js';

/**
 * Writes the files of a new driver package.
 * @returns their paths in the folder
 * @throws Error if the folder has files or cannot be written
 */
export function writePackage(wanted: NewPackage): string[] {
  const { folder } = wanted;
  if (filesIn(folder).length > 0)
    throw new Error(`${folder} is not empty: name a folder that is new or empty.`);
  const files = filledTemplate(wanted);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  Origin.of(wanted, files).writeTo(folder);
  return [...files.keys()];
}
