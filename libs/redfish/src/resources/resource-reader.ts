import type { RedfishTarget } from '../target.js';
import type { CallOptions, RedfishResource } from '../types.js';

export interface ResourceReader {
  readonly target: RedfishTarget;
  root(options: CallOptions): Promise<RedfishResource>;
  get(path: string, options: CallOptions): Promise<RedfishResource>;
  members(path: string, options: CallOptions): Promise<string[]>;
}
