/** Declared under `ferrule.drivers` in a package.json, and not loaded yet. */
export interface AvailableDriver {
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** Absolute path of the driver module. */
  readonly file: string;
  readonly problem?: string;
}
