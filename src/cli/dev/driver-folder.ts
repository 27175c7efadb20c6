import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StartError } from '../../config/start-error.js';

const Manifest = z.object({
  name: z.string(),
  ferrule: z.object({ drivers: z.record(z.string(), z.string()) }),
});

/** The folder of one driver package. */
export interface DriverFolder {
  readonly path: string;
  readonly name: string;
  readonly hardwareTypes: readonly string[];
  /** Files that exist once the package is built. */
  readonly entries: readonly string[];
  readonly isTypeScript: boolean;
}

/** @throws StartError if the folder has no package.json that declares drivers. */
export function readDriverFolder(path: string): DriverFolder {
  const file = join(path, 'package.json');
  if (!existsSync(file)) {
    throw new StartError(`${path} has no package.json: run "ferrule dev" in the folder of a driver package.`);
  }
  const parsed = Manifest.safeParse(parsedJson(file));
  if (!parsed.success) {
    throw new StartError(
      `${file} declares no drivers: it needs a "name" and ` +
        '"ferrule": { "drivers": { "<hardware type>": "<path of the built module>" } }.',
    );
  }
  const { name, ferrule } = parsed.data;
  return {
    path,
    name,
    hardwareTypes: Object.keys(ferrule.drivers),
    entries: Object.values(ferrule.drivers).map((entry) => join(path, entry)),
    isTypeScript: existsSync(join(path, 'tsconfig.json')),
  };
}

/**
 * What a developer must know after a change of package.json, whose hardware types are read when `ferrule dev` starts.
 * @returns undefined if it has the same hardware types
 */
export function changeOfTypes({ path, hardwareTypes }: DriverFolder): string | undefined {
  let now: readonly string[];
  try {
    now = readDriverFolder(path).hardwareTypes;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (now.join() === hardwareTypes.join()) return undefined;
  return (
    `package.json now has the hardware types ${now.join(', ')}, but ${hardwareTypes.join(', ')} is served: ` +
    'end "ferrule dev" with Ctrl-C and start it again.'
  );
}

/** Writes an application that has the driver, as a link, among its dependencies. @returns its folder. */
export function writeApplication(parent: string, driver: DriverFolder): string {
  const folder = join(parent, 'application');
  const link = join(folder, 'node_modules', driver.name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(driver.path, link);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { [driver.name]: '*' } }));
  return folder;
}

function parsedJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new StartError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}
