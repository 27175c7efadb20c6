import { type CallOptions, type RedfishClient } from '@ferrule/redfish';

/** How often to look for a change that the BMC has accepted but does not show yet. */
export interface Patience {
  readonly looks: number;
  /** Milliseconds. */
  readonly interval: number;
}

/** How to wait for a BMC that restarts; all in milliseconds. */
export interface RestartPatience {
  /** Between two looks. */
  readonly interval: number;
  /** For the answer to one look. */
  readonly look: number;
  /** How long a BMC may go on answering until it is taken for restarted. */
  readonly unseen: number;
  /** For the whole restart. */
  readonly most: number;
}

export interface BmcCall {
  readonly bmc: RedfishClient;
  readonly nodeUuid: string;
  readonly options: CallOptions;
  readonly patience: Patience;
  readonly restart: RestartPatience;
}
