import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AvailableDriver } from './driver-package.js';

type Package = Pick<AvailableDriver, 'package' | 'version' | 'folder'>;

/** The driver package, as name@version, whose code is nearest to where an error was made; undefined if there is none. */
export function packageInStack(stack: string, packages: readonly Package[]): string | undefined {
  for (const line of stack.split('\n')) {
    const found = packages.find(
      ({ folder }) => line.includes(folder + sep) || line.includes(`${pathToFileURL(folder).href}/`),
    );
    if (found) return `${found.package}@${found.version}`;
  }
  return undefined;
}
