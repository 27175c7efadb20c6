import type { RedfishTarget } from '../target.js';
import type { CallOptions, RedfishResource } from '../types.js';

/** What finding systems and managers needs of a client: reading the resources of one BMC. */
export interface ResourceReader {
  readonly target: RedfishTarget;
  root(options: CallOptions): Promise<RedfishResource>;
  get(path: string, options: CallOptions): Promise<RedfishResource>;
  /** The paths of a collection's members, over all pages. */
  members(path: string, options: CallOptions): Promise<string[]>;
}
