/** A driver that a package declares under `ferrule.drivers` in its package.json; not yet loaded. */
export interface AvailableDriver {
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** Absolute path of the file whose default export is the driver module. */
  readonly file: string;
  /** Why it cannot be loaded, if the declaration already shows it. */
  readonly problem?: string;
}
