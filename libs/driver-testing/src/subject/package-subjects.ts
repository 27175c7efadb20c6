import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Type } from '@nestjs/common';
import { ExitWatch } from './exit-watch.js';
import { type Subject, subjectOf } from './subject.js';

/** Milliseconds. */
const UNPACK_LIMIT = 60_000;

/**
 * The drivers of a built package.
 * @throws Error if it declares none or cannot be imported
 */
export function subjectsIn(folder: string): Promise<Subject[]> {
  return subjectsOf(folder, folder);
}

async function subjectsOf(folder: string, name: string): Promise<Subject[]> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name?: string;
    ferrule?: { drivers?: Record<string, string> };
  };
  if (/\p{Cc}/u.test(manifest.name ?? '')) {
    throw new Error(`${name} has a package.json whose "name" holds control characters: remove them.`);
  }
  const files = new Set(Object.values(manifest.ferrule?.drivers ?? {}));
  if (files.size === 0) throw new Error(`${name} declares no drivers in its package.json.`);
  const subjects: Subject[] = [];
  for (const file of files) {
    subjects.push(subjectOf(await moduleIn(resolve(folder, file), `The file ${file} of ${name}`)));
  }
  return subjects;
}

/** @param what the file in a sentence, for an error */
async function moduleIn(file: string, what: string): Promise<Type<object>> {
  let exit: Error | undefined;
  const watch = new ExitWatch((error) => (exit ??= error));
  watch.begin();
  try {
    const { default: module } = (await import(pathToFileURL(file).href)) as { default: Type<object> };
    if (exit === undefined) return module;
  } catch (error) {
    if (exit === undefined) throw error;
  } finally {
    watch.end();
  }
  throw new Error(`${what} ends the process while it is imported. ${exit.message}`, { cause: exit });
}

/**
 * The drivers of a packed package, which is unpacked below `folder` for a moment, so that it finds the packages that are
 * installed there.
 * @param tarball as `npm pack` writes it
 * @throws Error naming the tarball if it is none, or has no drivers
 */
export async function subjectsOfTarball(tarball: string, folder: string): Promise<Subject[]> {
  const place = await mkdtemp(join(folder, '.ferrule-check-'));
  try {
    await unpack(tarball, place);
    return await subjectsOf(join(place, 'package'), tarball);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function unpack(tarball: string, place: string): Promise<void> {
  try {
    await promisify(execFile)('tar', ['-xzf', resolve(tarball), '-C', place], { timeout: UNPACK_LIMIT });
    await access(join(place, 'package', 'package.json'));
  } catch (cause) {
    const code = await access(tarball).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
    const problem = code === undefined ? 'is no tarball of "npm pack"' : `cannot be read (${code})`;
    throw new Error(`${tarball} ${problem}.`, { cause });
  }
}
