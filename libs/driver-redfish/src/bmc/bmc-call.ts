import { type CallOptions, type Patience, type RedfishClient } from '@ferrule/redfish';

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
  /**
   * The same BMC with another account or password. The session of the former one is deleted, and that of this one when
   * a later call comes with the former again.
   */
  readonly withAccount: (username: string, password: string) => RedfishClient;
  readonly nodeUuid: string;
  readonly options: CallOptions;
  readonly patience: Patience;
  readonly restart: RestartPatience;
}
