import { readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { reasonOf } from '../../logging/reason-of.js';
import { type AvailableDriver, type InstalledDrivers } from './driver-package.js';
import { driverEntries, isDriverName, type Manifest, readManifest } from './manifest.js';
import { located, type PackageProblem } from './checks/package-problem.js';

interface Found {
  readonly drivers: readonly AvailableDriver[];
  readonly problems: readonly PackageProblem[];
}

const NOTHING: Found = { drivers: [], problems: [] };

/**
 * Finds the drivers that direct dependencies and workspaces declare, without importing them.
 * @param roots folders with a package.json, in any order.
 */
export function findDrivers(roots: readonly string[]): InstalledDrivers {
  const scans = [...new Set(roots.map((root) => resolve(root)))].map(packagesOf);
  const found = driversIn(new Map(scans.flatMap(({ packages }) => [...packages])));
  return { ...found, problems: [...scans.flatMap(({ problems }) => problems), ...found.problems] };
}

/**
 * The drivers that these packages declare.
 * @param packages their folders, without links, and the names by which they are installed, or no names.
 */
export function driversIn(packages: ReadonlyMap<string, string>): InstalledDrivers {
  const found = [...packages].map(([folder, name]) => driversOf(folder, name));
  const drivers = found.flatMap((each) => each.drivers);
  return {
    drivers: drivers.map((driver) => withRivals(driver, drivers)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    problems: found.flatMap(({ problems }) => problems),
  };
}

/** The folders of packages, without links, and the names by which they are installed. */
function packagesOf(root: string): { packages: Map<string, string>; problems: readonly PackageProblem[] } {
  let manifest: Manifest;
  // A folder with global packages has none.
  if (!isFile(join(root, 'package.json'))) return { packages: new Map(), problems: [] };
  try {
    manifest = readManifest(root);
  } catch (error) {
    const text = `The drivers of ${root} are not known: ${reasonOf(error)}.`;
    return { packages: new Map(), problems: [{ package: root, hardwareTypes: [], text }] };
  }
  const named = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  const installed = named.flatMap((name) => {
    const folder = installedAt(root, name);
    return folder === undefined ? [] : [[realpathSync(folder), name] as const];
  });
  const own = manifest.workspaces
    .flatMap((pattern) => workspacesAt(root, pattern))
    .map((folder) => [realpathSync(folder), ''] as const);
  return { packages: new Map([...own, ...installed]), problems: [] };
}

/** @param installedAs the name of the dependency, which tells a driver if its package.json cannot be read. */
function driversOf(folder: string, installedAs: string): Found {
  let manifest: Manifest;
  try {
    manifest = readManifest(folder);
  } catch (error) {
    return isDriverName(installedAs) ? broken(installedAs, reasonOf(error)) : NOTHING;
  }
  const name = manifest.name || installedAs || folder;
  const declared = driverEntries(manifest);
  if (declared === undefined) return NOTHING;
  if ('problem' in declared) return broken(name, declared.problem);
  const siblings = declared.entries.map(([type]) => type);
  const drivers = declared.entries.map(([type, path]) => ({
    name: type,
    package: name,
    version: manifest.version,
    folder,
    siblings,
    ...fileOf({ package: name, type, folder, path }),
  }));
  return { drivers, problems: [] };
}

function broken(name: string, problem: string): Found {
  return {
    drivers: [],
    problems: [{ package: name, hardwareTypes: [], text: located({ package: name }, problem) }],
  };
}

interface Entry {
  readonly package: string;
  readonly type: string;
  readonly folder: string;
  readonly path: unknown;
}

/** Refuses a link out of the package. */
function fileOf({ package: name, type, folder, path }: Entry): { file: string; problem?: string } {
  const refused = (file: string, problem: string) => ({
    file,
    problem: located({ package: name }, `the file of its hardware type '${type}' ${problem}`),
  });
  if (typeof path !== 'string') {
    const given = JSON.stringify(path);
    return refused(folder, `must be a text like "./dist/index.js" in package.json, not ${given}`);
  }
  const file = resolve(folder, path);
  try {
    const real = realpathSync(file);
    return real.startsWith(folder + sep) ? { file: real } : refused(file, `is outside the package: ${path}`);
  } catch {
    return refused(file, `does not exist: ${path}; build the package first`);
  }
}

/** The problem has the same words for all drivers that are in each other's way. */
function withRivals(driver: AvailableDriver, all: readonly AvailableDriver[]): AvailableDriver {
  const elsewhere = all.filter(({ folder }) => folder !== driver.folder);
  const copies = [driver, ...elsewhere.filter((other) => other.package === driver.package)];
  const rivals = [driver, ...elsewhere.filter((other) => other.name === driver.name)];
  if (copies.length > 1) {
    const problem = `it is installed twice, as ${placesOf(copies)}; remove one of them`;
    return { ...driver, problem: located({ package: driver.package }, problem) };
  }
  if (rivals.length > 1) {
    const problem = `Several packages have the hardware type '${driver.name}': ${placesOf(rivals)}; remove all but one.`;
    return { ...driver, problem };
  }
  return driver;
}

function placesOf(drivers: readonly AvailableDriver[]): string {
  const places = drivers.map((each) => `${each.package}@${each.version} in ${each.folder}`);
  return [...new Set(places)].sort().join(' and ');
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
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isFile()).map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
