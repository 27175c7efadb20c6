import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DriverName } from './driver-name.js';
import { type Manifest, type Tarballs } from './tarballs.js';

/** Folder with one template for each language. */
export const TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url));

/** The languages a package can be written in. */
export const LANGUAGES = ['typescript', 'javascript'] as const;
/** One of `LANGUAGES`. */
export type Language = (typeof LANGUAGES)[number];

/** What `writePackage` writes, and where. */
export interface NewPackage {
  readonly name: DriverName;
  /** Absolute path of a folder that does not exist or is empty. */
  readonly folder: string;
  readonly language: Language;
  /** Where Ferrule's own packages are installed from, if not from the registry of npm. */
  readonly tarballs?: Tarballs | undefined;
}

/**
 * Writes the files of a new driver package.
 * @returns their paths in the folder
 * @throws Error if the folder has files or cannot be written
 */
export function writePackage({ name, folder, language, tarballs }: NewPackage): string[] {
  if (filesIn(folder).length > 0)
    throw new Error(`${folder} is not empty: name a folder that is new or empty.`);
  const template = join(TEMPLATES, language);
  return filesIn(template).map((path) => {
    const text = name.replaceIn(readFileSync(join(template, path), 'utf8'));
    const target = name
      .replaceIn(path)
      .replace(/\.template$/, '')
      .replace(/(^|\/)_gitignore$/, '$1.gitignore');
    mkdirSync(dirname(join(folder, target)), { recursive: true });
    writeFileSync(join(folder, target), target === 'package.json' ? manifest(text, tarballs, folder) : text);
    return target;
  });
}

/** @returns the paths of all files below a folder, sorted; none if it does not exist. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

function manifest(text: string, tarballs: Tarballs | undefined, folder: string): string {
  if (!tarballs) return text;
  return `${JSON.stringify(tarballs.putInto(JSON.parse(text) as Manifest, folder), null, 2)}\n`;
}
