import { type CallOptions, type RedfishClient } from '@ferrule/redfish';

/** How often to look for a change that the BMC has accepted but does not show yet. */
export interface Patience {
  readonly looks: number;
  /** Milliseconds. */
  readonly interval: number;
}

export interface BmcCall {
  readonly bmc: RedfishClient;
  readonly nodeUuid: string;
  readonly options: CallOptions;
  readonly patience: Patience;
}
