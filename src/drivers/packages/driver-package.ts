/** A driver that a package declares under `ferrule.drivers` in its package.json: available, not yet loaded. */
export interface AvailableDriver {
  /** Name of the hardware type. */
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** Absolute path of the file whose default export is the driver module. */
  readonly file: string;
  /** Why it cannot be loaded, as far as the declaration tells. */
  readonly problem?: string;
}
