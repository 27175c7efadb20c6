import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @returns a sentence if the newest TypeScript source of a package was changed after its newest built file */
export function staleBuild(folder: string): string | undefined {
  const source = newestIn(join(folder, 'src'), /(?<!\.d)\.[cm]?ts$/);
  if (source === undefined) return undefined;
  const built = [...new Set(entriesOf(folder).map((entry) => dirname(join(folder, entry))))]
    .filter((place) => place !== join(folder))
    .map((place) => newestIn(place, /\.[cm]?js$/)?.time ?? 0);
  if (built.length === 0 || source.time <= Math.max(...built)) return undefined;
  return `src/${source.path} was changed after the build, which is what is checked: run "npm run build" first.`;
}

function newestIn(folder: string, pattern: RegExp): { path: string; time: number } | undefined {
  let newest: { path: string; time: number } | undefined;
  for (const path of namesIn(folder).filter((name) => pattern.test(name))) {
    const time = statSync(join(folder, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (newest === undefined || time > newest.time) newest = { path, time };
  }
  return newest;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { encoding: 'utf8', recursive: true });
  } catch {
    return [];
  }
}

function entriesOf(folder: string): string[] {
  const { ferrule } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    ferrule?: { drivers?: Record<string, string> };
  };
  return Object.values(ferrule?.drivers ?? {});
}
