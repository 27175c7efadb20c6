import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AvailableDriver } from './driver-package.js';
import { findDrivers } from './finder.js';

/** The folder of this service's own package.json: the parent of `src` and of `dist`. */
const OWN_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/**
 * The drivers that this service's own dependencies and workspaces bring, and those of the application
 * that it is installed in.
 * @param applicationRoot folder of that application's package.json, when it is another one.
 */
export function availableDrivers(applicationRoot: string | undefined): AvailableDriver[] {
  return findDrivers(applicationRoot === undefined ? [OWN_ROOT] : [OWN_ROOT, applicationRoot]);
}
