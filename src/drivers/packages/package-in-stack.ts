import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type InstalledPackage } from './driver-package.js';

/** The driver package, as name@version, whose code is nearest to where an error was made; undefined if there is none. */
export function packageInStack(stack: string, packages: readonly InstalledPackage[]): string | undefined {
  for (const line of stack.split('\n')) {
    const found = packages.find(
      ({ folder }) => line.includes(folder + sep) || line.includes(`${pathToFileURL(folder).href}/`),
    );
    if (found) return `${found.package}@${found.version}`;
  }
  return undefined;
}
