import { type CallOptions, type RedfishClient } from '@ferrule/redfish';

/** How often to look for a change that the BMC has accepted and does not show yet. */
export interface Patience {
  /** Looks in all. */
  readonly looks: number;
  /** Milliseconds between two looks. */
  readonly interval: number;
}

/** What a passthru call needs to reach its node's BMC. */
export interface BmcCall {
  readonly bmc: RedfishClient;
  readonly nodeUuid: string;
  /** The task's signal and progress, for every exchange. */
  readonly options: CallOptions;
  readonly patience: Patience;
}
