import { type Role } from '../config/settings/process.js';
import { type DescribedDriver } from './roster/described-driver.js';

/** Of this process, as it registers. */
export interface ProcessDescription {
  readonly hostname: string;
  readonly role: Role;
  readonly group: string;
  readonly version: string;
  /** None if it runs no jobs. */
  readonly drivers: readonly DescribedDriver[];
}

export const PROCESS = Symbol('ferrule:process');
