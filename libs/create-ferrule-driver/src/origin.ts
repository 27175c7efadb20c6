import { createHash } from 'node:crypto';
import { join, posix } from 'node:path';
import { DriverName } from './driver-name.js';
import { isRecord, type Json } from './merged.js';
import { PackageFiles } from './package-files.js';
import { type Language, LANGUAGES, type NewPackage } from './template.js';

/** Written into each package, for `update`. */
export const RECORD = '.create-ferrule-driver.json';

/** Left out, since the package writes it itself, from its code. */
const GENERATED = 'REFERENCE.md';

/** What the generator wrote into a package: how `update` tells what the author has changed. */
export class Origin {
  private constructor(
    readonly name: DriverName,
    readonly language: Language,
    /** The package.json. */
    readonly manifest: Json,
    private readonly hashes: ReadonlyMap<string, string>,
  ) {}

  static of({ name, language }: NewPackage, files: ReadonlyMap<string, string>): Origin {
    const { 'package.json': manifest = '{}', ...others } = Object.fromEntries(files);
    const kept = Object.entries(others).filter(([path]) => path !== GENERATED);
    const hashes = kept.map(([path, text]) => [path, hashOf(text)] as const);
    return new Origin(name, language, JSON.parse(manifest) as Json, new Map(hashes));
  }

  /** @throws Error if the folder has no package of the generator */
  static in(folder: string): Origin {
    let read: unknown;
    try {
      read = new PackageFiles(folder).readJson(RECORD);
    } catch (error) {
      throw new Error(`${folder} was not written by create-ferrule-driver: it has no readable ${RECORD}.`, {
        cause: error,
      });
    }
    const { name, language, manifest, files } = isRecord(read) ? read : {};
    const known = LANGUAGES.find((each) => each === language);
    const driver = typeof name === 'string' && DriverName.isValid(name) ? DriverName.parse(name) : undefined;
    const hashes = isRecord(files) ? hashesOf(files) : undefined;
    if (!driver || known === undefined || !isRecord(manifest) || !hashes)
      throw new Error(`${join(folder, RECORD)} is damaged: take it from the history of the package.`);
    return new Origin(driver, known, manifest, hashes);
  }

  /** Files other than package.json and the reference page. */
  get paths(): string[] {
    return [...this.hashes.keys()];
  }

  /** Whether the generator wrote this text to the file. */
  wrote(path: string, text: string): boolean {
    return this.hashes.get(path) === hashOf(text);
  }

  writeTo(folder: string): void {
    const { name, language, manifest, hashes } = this;
    const text = JSON.stringify(
      { name: name.value, language, files: Object.fromEntries(hashes), manifest },
      null,
      2,
    );
    new PackageFiles(folder).write(RECORD, `${text}\n`);
  }
}

/** Undefined if a path could not be one of a template. A template of an earlier version may have had other files. */
function hashesOf(files: Readonly<Record<string, Json | undefined>>): Map<string, string> | undefined {
  const hashes = new Map<string, string>();
  for (const [path, hash] of Object.entries(files)) {
    if (!isTemplatePath(path) || typeof hash !== 'string') return undefined;
    hashes.set(path, hash);
  }
  return hashes;
}

function isTemplatePath(path: string): boolean {
  const isInside = posix.normalize(path) === path && !/^(\.\.)?(\/|$)|[\\:\0]|\/$/.test(path);
  const [top] = path.split('/');
  return isInside && !['.', '.git', 'node_modules', 'package.json', RECORD].includes(top ?? '');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
