import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AvailableDriver } from './driver-package.js';
import { findDrivers } from './finder.js';

/** The folder of this service's package.json: the parent of `src` and `dist`. */
const OWN_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** @param applicationRoot folder of the package.json of the application that the service is installed in. */
export function availableDrivers(applicationRoot: string | undefined): AvailableDriver[] {
  return findDrivers(applicationRoot === undefined ? [OWN_ROOT] : [OWN_ROOT, applicationRoot]);
}
