import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { codeOf } from './package-files.js';

const FILE = /^(ferrule)(?:-(.+))?-\d+\.\d+\.\d+.*\.tgz$/;

/** The members of a package.json that change. */
export interface Manifest {
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

/** Ferrule's packages as `npm run pack` writes them. */
export class Tarballs {
  private constructor(private readonly paths: ReadonlyMap<string, string>) {}

  /** @throws Error if the folder lacks the tarballs of the service or of the kit */
  static in(folder: string): Tarballs {
    const paths = new Map(
      namesIn(folder).flatMap((file): [string, string][] => {
        const [, service, library] = FILE.exec(file) ?? [];
        if (service === undefined) return [];
        return [[library === undefined ? service : `@ferrule/${library}`, join(folder, file)]];
      }),
    );
    for (const name of ['ferrule', '@ferrule/driver-kit']) {
      if (!paths.has(name))
        throw new Error(`${folder} has no tarball of ${name}: run "npm run pack" in a checkout.`);
    }
    return new Tarballs(paths);
  }

  /** Makes a package.json install these packages from their files; the overrides are for what they need themselves. */
  putInto(manifest: Manifest, folder: string): Manifest {
    const specs = [...this.paths].map(([name, path]): [string, string] => [
      name,
      `file:${relative(folder, path)}`,
    ]);
    const named = new Set(Object.keys(manifest.devDependencies ?? {}));
    const direct = specs.filter(([name]) => named.has(name));
    const others = specs.filter(([name]) => !named.has(name));
    return {
      ...manifest,
      devDependencies: { ...manifest.devDependencies, ...Object.fromEntries(direct) },
      overrides: { ...manifest.overrides, ...Object.fromEntries(others) },
    };
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new Error(
      `${folder} cannot be read${codeOf(error)}: name the folder that "npm run pack" wrote in a checkout.`,
      { cause: error },
    );
  }
}
