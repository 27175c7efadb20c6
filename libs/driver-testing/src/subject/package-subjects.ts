import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Type } from '@nestjs/common';
import { type Subject, subjectOf } from './subject.js';

/** Milliseconds. */
const UNPACK_LIMIT = 60_000;

/**
 * The drivers of a built package.
 * @throws Error if it declares none or cannot be imported
 */
export async function subjectsIn(folder: string): Promise<Subject[]> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    ferrule?: { drivers?: Record<string, string> };
  };
  const files = new Set(Object.values(manifest.ferrule?.drivers ?? {}));
  if (files.size === 0) throw new Error(`${folder} declares no drivers in its package.json.`);
  const subjects: Subject[] = [];
  for (const file of files) {
    const { href } = pathToFileURL(resolve(folder, file));
    const { default: module } = (await import(href)) as { default: Type<object> };
    subjects.push(subjectOf(module));
  }
  return subjects;
}

/**
 * The drivers of a packed package, which is unpacked below `folder` for a moment, so that it finds the packages that are
 * installed there.
 * @param tarball as `npm pack` writes it
 */
export async function subjectsOfTarball(tarball: string, folder: string): Promise<Subject[]> {
  const place = await mkdtemp(join(folder, '.ferrule-check-'));
  try {
    await promisify(execFile)('tar', ['-xzf', resolve(tarball), '-C', place], { timeout: UNPACK_LIMIT });
    return await subjectsIn(join(place, 'package'));
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
