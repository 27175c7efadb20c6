import { type PackageProblem } from './checks/package-problem.js';

/** Declared under `ferrule.drivers` in a package.json, and not loaded yet. */
export interface AvailableDriver {
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** Of the package. Both paths are absolute, and without links. */
  readonly folder: string;
  readonly file: string;
  /** All hardware types that the package declares. */
  readonly siblings: readonly string[];
  /** Why it cannot be loaded. */
  readonly problem?: string;
  /** What the file exports by default, if it is imported already, as in tests of a driver. */
  readonly module?: unknown;
}

export interface InstalledDrivers {
  readonly drivers: readonly AvailableDriver[];
  /** Of packages whose hardware types are unknown. */
  readonly problems: readonly PackageProblem[];
}
