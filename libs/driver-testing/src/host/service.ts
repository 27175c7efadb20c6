import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type LoggerService, type Type } from '@nestjs/common';

/** What `ferrule/host` exports. This package does not depend on its types, since the service is beside it, not below. */
export interface ServiceEntry {
  startHost(options: {
    readonly drivers: readonly Type<object>[];
    readonly packageName: string;
    readonly packages: readonly string[];
    readonly settings: Readonly<Record<string, string>>;
    readonly logger: LoggerService;
    readonly onStrayError: (stack: string) => void;
  }): Promise<Service>;
}

/** A running service. */
export interface Service {
  readonly url: string;
  readonly hardwareTypes: readonly string[];
  get<T extends object>(type: Type<T>): T;
  lock(nodeUuid: string): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

const NAME = 'ferrule';

/**
 * The service that is installed beside this package or beside the tests.
 * @throws Error that says how to install it
 */
export async function loadService(): Promise<ServiceEntry> {
  const folder = [import.meta.dirname, process.cwd()]
    .map(installedAbove)
    .find((found) => found !== undefined);
  if (folder === undefined) {
    throw new Error(`The package '${NAME}' is not installed: npm install --save-dev ${NAME}`);
  }
  return (await import(pathToFileURL(entryOf(folder)).href)) as ServiceEntry;
}

/** In a `node_modules` of a folder or of one above it, or one of these folders itself: a checkout. */
function installedAbove(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = [join(at, 'node_modules', NAME), at].find((each) => manifestOf(each)?.name === NAME);
    if (found !== undefined || at === dirname(at)) return found;
  }
}

interface Manifest {
  readonly name?: string;
  readonly exports?: Readonly<Record<string, { readonly source?: string; readonly default?: string }>>;
}

function manifestOf(folder: string): Manifest | undefined {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : undefined;
}

/** Sources of this package run with the sources of the service: the tests of a checkout need no build. */
function entryOf(folder: string): string {
  const entry = manifestOf(folder)?.exports?.['./host'];
  const path = extname(import.meta.filename) === '.ts' ? entry?.source : entry?.default;
  if (path === undefined) throw new Error(`The package '${NAME}' in ${folder} is too old for these tests.`);
  return join(folder, path);
}
