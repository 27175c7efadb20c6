import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { type AvailableDriver } from './driver-package.js';

const Names = z.record(z.string(), z.string()).catch({});
const Manifest = z.object({
  name: z.string().catch(''),
  version: z.string().catch('0.0.0'),
  dependencies: Names,
  optionalDependencies: Names,
  workspaces: z.array(z.string()).catch([]),
  ferrule: z
    .object({ drivers: z.record(z.string(), z.unknown()) })
    .optional()
    .catch(undefined),
});
type Manifest = z.infer<typeof Manifest>;

/**
 * Finds the drivers that direct dependencies and workspaces declare, without importing them.
 * @param roots folders with a package.json, in any order.
 */
export function findDrivers(roots: readonly string[]): AvailableDriver[] {
  return driversIn([...new Set(roots.flatMap(packagesOf))]);
}

/** The drivers that these packages declare. @param folders of the packages, without links. */
export function driversIn(folders: readonly string[]): AvailableDriver[] {
  const drivers = folders.flatMap(driversOf);
  return drivers.map((driver) => withRivals(driver, drivers)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function packagesOf(root: string): string[] {
  const manifest = readManifest(root);
  if (!manifest) return [];
  const named = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  const installed = named.flatMap((name) => installedAt(root, name) ?? []);
  const own = manifest.workspaces.flatMap((pattern) => workspacesAt(root, pattern));
  return [...installed, ...own].map((folder) => realpathSync(folder));
}

function driversOf(folder: string): AvailableDriver[] {
  const manifest = readManifest(folder);
  return Object.entries(manifest?.ferrule?.drivers ?? {}).map(([name, path]) => ({
    name,
    package: manifest?.name ?? folder,
    version: manifest?.version ?? '0.0.0',
    folder,
    ...fileIn(folder, path),
  }));
}

/** Refuses a link out of the package. */
function fileIn(folder: string, path: unknown): { file: string; problem?: string } {
  if (typeof path !== 'string') return { file: folder, problem: 'its entry in package.json is not a path' };
  const file = resolve(folder, path);
  try {
    const real = realpathSync(file);
    if (!real.startsWith(folder + sep)) return { file, problem: `${path} is outside its package` };
    return { file: real };
  } catch {
    return { file, problem: `${path} does not exist; build the package first` };
  }
}

function withRivals(driver: AvailableDriver, all: readonly AvailableDriver[]): AvailableDriver {
  const rivals = all.filter((other) => other.name === driver.name && other.package !== driver.package);
  if (rivals.length === 0) return driver;
  return { ...driver, problem: `${rivals.map((rival) => rival.package).join(', ')} declares the same name` };
}

/** Resolves a dependency as Node does: in node_modules of the folder or of one above it. */
function installedAt(root: string, name: string): string | undefined {
  for (let at = resolve(root); ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (isFile(join(folder, 'package.json'))) return folder;
    if (at === dirname(at)) return undefined;
  }
}

/** Supports npm's common workspace patterns: a folder, or all folders in one (`libs/*`). */
function workspacesAt(root: string, pattern: string): string[] {
  const folders = pattern.endsWith('/*')
    ? foldersIn(join(root, pattern.slice(0, -2)))
    : [join(root, pattern)];
  return folders.filter((folder) => isFile(join(folder, 'package.json')));
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
