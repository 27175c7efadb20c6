import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DriverName } from './driver-name.js';
import { type Manifest, type Tarballs } from './tarballs.js';

/** Folder with one template for each language. */
export const TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url));

/** The languages a package can be written in. */
export const LANGUAGES = ['typescript', 'javascript'] as const;
/** One of `LANGUAGES`. */
export type Language = (typeof LANGUAGES)[number];

/** What the generator is asked for. */
export interface NewPackage {
  readonly name: DriverName;
  /** Absolute path of the package. */
  readonly folder: string;
  readonly language: Language;
  /** Where Ferrule's own packages are installed from, if not from the registry of npm. */
  readonly tarballs?: Tarballs | undefined;
}

/** The files of a package with its name in them, by their path in the folder, sorted by the path in the template. */
export function filledTemplate({ name, folder, language, tarballs }: NewPackage): Map<string, string> {
  const template = join(TEMPLATES, language);
  return new Map(
    filesIn(template).map((path) => {
      const text = name.replaceIn(readFileSync(join(template, path), 'utf8'));
      const target = name
        .replaceIn(path)
        .replace(/\.template$/, '')
        .replace(/(^|\/)_gitignore$/, '$1.gitignore');
      return [target, target === 'package.json' ? manifest(text, tarballs, folder) : text];
    }),
  );
}

/** @returns the paths of all files below a folder, sorted */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

function manifest(text: string, tarballs: Tarballs | undefined, folder: string): string {
  if (!tarballs) return text;
  return `${JSON.stringify(tarballs.putInto(JSON.parse(text) as Manifest, folder), null, 2)}\n`;
}
