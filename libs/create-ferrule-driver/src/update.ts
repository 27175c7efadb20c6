import { join } from 'node:path';
import { isRecord, merged } from './merged.js';
import { Origin, RECORD } from './origin.js';
import { PackageFiles } from './package-files.js';
import { type Tarballs } from './tarballs.js';
import { filledTemplate } from './template.js';

/** One thing that `update` does. */
export interface Step {
  /** As it is printed: `replace src/index.ts`. */
  readonly text: string;
  readonly act: () => void;
}

/**
 * What must be done to carry a package of an earlier generator to this one; nothing is changed until the steps act.
 * Files that the author has changed stay, and the new ones are written beside them as `….new`.
 * @returns no steps if the package is up to date
 * @throws Error if the folder has no package of the generator
 */
export function updateSteps(folder: string, tarballs?: Tarballs): Step[] {
  const origin = Origin.in(folder);
  const wanted = { name: origin.name, language: origin.language, folder, tarballs };
  const files = filledTemplate(wanted);
  const now = Origin.of(wanted, files);
  const own = new PackageFiles(folder);
  const steps = [
    ...manifestSteps(folder, own, origin, now),
    ...now.paths.flatMap((path) => fileSteps(own, path, files.get(path) ?? '', origin)),
    ...origin.paths.filter((path) => !files.has(path)).flatMap((path) => removalSteps(own, path, origin)),
  ];
  return steps.length === 0 ? [] : [...steps, { text: `update ${RECORD}`, act: () => now.writeTo(folder) }];
}

function fileSteps(own: PackageFiles, path: string, text: string, origin: Origin): Step[] {
  const write = (target: string) => () => own.write(target, text);
  const mine = own.read(path);
  if (mine === text || origin.wrote(path, text)) return [];
  if (mine === undefined) {
    const isRemoved = origin.paths.includes(path);
    return isRemoved ? [] : [{ text: `add ${path}`, act: write(path) }];
  }
  if (origin.wrote(path, mine)) return [{ text: `replace ${path}`, act: write(path) }];
  const beside = `${path}.new`;
  own.has(beside);
  return [
    {
      text: `keep ${path}, which you have changed, and write the new one to ${beside}`,
      act: write(beside),
    },
  ];
}

function removalSteps(own: PackageFiles, path: string, origin: Origin): Step[] {
  const mine = own.read(path);
  if (mine === undefined) return [];
  return origin.wrote(path, mine)
    ? [{ text: `remove ${path}`, act: () => own.remove(path) }]
    : [{ text: `keep ${path}, which you have changed, although new packages lack it`, act: () => {} }];
}

function manifestSteps(folder: string, own: PackageFiles, origin: Origin, now: Origin): Step[] {
  const path = 'package.json';
  const mine = own.readJson(path);
  if (!isRecord(mine)) throw new Error(`${join(folder, path)} must hold a JSON object.`);
  const { value, changed, kept } = merged(origin.manifest, mine, now.manifest);
  const write = () => own.write(path, `${JSON.stringify(value, null, 2)}\n`);
  return [
    ...(changed.length > 0 ? [{ text: `change in package.json: ${changed.join(', ')}`, act: write }] : []),
    ...(kept.length > 0
      ? [{ text: `keep in package.json what you have changed: ${kept.join(', ')}`, act: () => {} }]
      : []),
  ];
}
