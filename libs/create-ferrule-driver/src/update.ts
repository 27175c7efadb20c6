import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Json, merged } from './merged.js';
import { Origin } from './origin.js';
import { type Tarballs } from './tarballs.js';
import { filledTemplate } from './template.js';

/** One thing that `update` does. */
export interface Step {
  /** As it is printed: `replace src/index.ts`. */
  readonly text: string;
  readonly act: () => void;
}

/**
 * What must be done to carry a package of an earlier generator to this one; nothing is changed until the steps act. Files that
 * the author has changed stay, and the new ones are written beside them as `….new`.
 * @returns no steps if the package is up to date
 * @throws Error if the folder has no package of the generator
 */
export function updateSteps(folder: string, tarballs?: Tarballs): Step[] {
  const origin = Origin.in(folder);
  const wanted = { name: origin.name, language: origin.language, folder, tarballs };
  const files = filledTemplate(wanted);
  const now = Origin.of(wanted, files);
  const steps = [
    ...[...files].flatMap(([path, text]) =>
      path === 'package.json' ? manifestSteps(folder, origin, now) : fileSteps(folder, path, text, origin),
    ),
    ...origin.paths.filter((path) => !files.has(path)).flatMap((path) => removalSteps(folder, path, origin)),
  ];
  return steps.length === 0
    ? []
    : [...steps, { text: 'note what was written', act: () => now.writeTo(folder) }];
}

function fileSteps(folder: string, path: string, text: string, origin: Origin): Step[] {
  const write = (target: string) => () => {
    mkdirSync(dirname(join(folder, target)), { recursive: true });
    writeFileSync(join(folder, target), text);
  };
  const mine = textIn(folder, path);
  if (mine === text || origin.wrote(path, text)) return [];
  if (mine === undefined) {
    const isRemoved = origin.paths.includes(path);
    return isRemoved ? [] : [{ text: `add ${path}`, act: write(path) }];
  }
  if (origin.wrote(path, mine)) return [{ text: `replace ${path}`, act: write(path) }];
  return [
    {
      text: `keep ${path}, which you have changed, and write the new one to ${path}.new`,
      act: write(`${path}.new`),
    },
  ];
}

function removalSteps(folder: string, path: string, origin: Origin): Step[] {
  const mine = textIn(folder, path);
  if (mine === undefined) return [];
  return origin.wrote(path, mine)
    ? [{ text: `remove ${path}`, act: () => rmSync(join(folder, path)) }]
    : [{ text: `keep ${path}, which you have changed, although new packages lack it`, act: () => {} }];
}

function manifestSteps(folder: string, origin: Origin, now: Origin): Step[] {
  const path = join(folder, 'package.json');
  const mine = JSON.parse(readFileSync(path, 'utf8')) as Json;
  const { value, changed, kept } = merged(origin.manifest, mine, now.manifest);
  const write = () => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
  return [
    ...(changed.length > 0 ? [{ text: `change in package.json: ${changed.join(', ')}`, act: write }] : []),
    ...(kept.length > 0
      ? [{ text: `keep in package.json what you have changed: ${kept.join(', ')}`, act: () => {} }]
      : []),
  ];
}

function textIn(folder: string, path: string): string | undefined {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
