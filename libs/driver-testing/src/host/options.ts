import { type Type } from '@nestjs/common';

/** What `startHost` needs; at least one driver. */
export interface StartHostOptions {
  /** Modules of drivers, the default exports of their packages; all their hardware types are enabled. */
  readonly drivers?: readonly Type<object>[];
  /** Name of the package of `drivers`, from which the prefix of its settings follows. Default: `ferrule-driver-tested`. */
  readonly packageName?: string;
  /** Folders of built driver packages, found by their package.json as the service finds them. */
  readonly packages?: readonly string[];
  /** `FERRULE_…` variables, also settings of the drivers. Those of the environment are not read. */
  readonly settings?: Readonly<Record<string, string>>;
}
