import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InstalledDrivers } from './driver-package.js';
import { findDrivers } from './finder.js';

/** The folder of this service's package.json: the parent of `src` and `dist`. */
const OWN_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/**
 * The drivers of this service's own package, of the application that has it in its `node_modules`, and of
 * another application.
 * @param driverRoot folder of the package.json of the other application.
 */
export function availableDrivers(driverRoot: string | undefined): InstalledDrivers {
  return findDrivers([
    OWN_ROOT,
    ...applicationOf(OWN_ROOT),
    ...(driverRoot === undefined ? [] : [driverRoot]),
  ]);
}

/** @returns the folder with the `node_modules` that has a package, or nothing for a checkout. */
function applicationOf(root: string): string[] {
  const parent = dirname(root);
  return basename(parent) === 'node_modules' ? [dirname(parent)] : [];
}
