import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { subjectsIn } from '../subject/package-subjects.js';
import { type PackageText, referencePage } from './reference-page.js';

/** The page's name in the package. */
export const PAGE = 'REFERENCE.md';

/**
 * Writes the reference page of the built package in a folder.
 * @throws Error if the package declares no drivers or cannot be imported
 */
export async function writePage(folder: string): Promise<void> {
  await writeFile(join(folder, PAGE), await pageOf(folder));
}

/**
 * @returns what is different in the page that the folder has, as a sentence; undefined if it is up to date
 * @throws Error as `writePage`
 */
export async function staleness(folder: string): Promise<string | undefined> {
  const written = await readFile(join(folder, PAGE), 'utf8').catch(() => undefined);
  const command = 'write it with "npx ferrule-check docs"';
  if (written === undefined) return `${PAGE} is missing: ${command}.`;
  const [found, wanted] = [written, await pageOf(folder)].map((text) =>
    text.replaceAll('\r\n', '\n').split('\n'),
  );
  const at = wanted?.findIndex((line, index) => line !== found?.[index]) ?? -1;
  if (at === -1 && found?.length === wanted?.length) return undefined;
  const place = at === -1 ? (wanted?.length ?? 0) : at;
  return (
    `${PAGE} is out of date, from line ${place + 1}: ${command}.\n` +
    `  it has: ${found?.[place] ?? '(no such line)'}\n  the code: ${wanted?.[place] ?? '(no such line)'}`
  );
}

async function pageOf(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageText;
  return referencePage(manifest, await subjectsIn(folder));
}
