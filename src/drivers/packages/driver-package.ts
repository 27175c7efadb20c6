import { type PackageProblem } from './checks/package-problem.js';

export interface InstalledPackage {
  readonly package: string;
  readonly version: string;
  /** Absolute, and without links. */
  readonly folder: string;
}

/** Declared under `ferrule.drivers` in a package.json, and not loaded yet. */
export interface AvailableDriver extends InstalledPackage {
  readonly name: string;
  /** Absolute, and without links. */
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
