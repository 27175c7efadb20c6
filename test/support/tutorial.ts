import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DriverName, type Tarballs, writePackage } from 'create-ferrule-driver';
import { block, ROOT } from './readme.js';

export const TUTORIAL = readFileSync(join(ROOT, 'docs/drivers/tutorial.md'), 'utf8');

/** What the tutorial adds to the generated package. */
const ADDITIONS = [
  ['src/acme-xr.client.ts', block('4. Add a method', 'ts', 0, TUTORIAL)],
  ['src/acme-xr.vendor.ts', block('4. Add a method', 'ts', 1, TUTORIAL)],
] as const;

/** Writes the package of the tutorial's beginning. */
export function writeTutorial(folder: string, tarballs?: Tarballs): void {
  writePackage({ name: DriverName.parse('acme-xr'), folder, language: 'typescript', tarballs });
}

/** Adds the method of the tutorial, at the end of two classes. */
export function addMethod(folder: string): void {
  for (const [file, text] of ADDITIONS) {
    const source = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), source.replace(/}\n$/, `${text}}\n`));
  }
}

export function addTest(folder: string): void {
  appendFileSync(join(folder, 'src/acme-xr.test.ts'), block('5. Test it', 'ts', 0, TUTORIAL));
}
