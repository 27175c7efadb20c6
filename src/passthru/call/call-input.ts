import { type RequestIdentity } from '../../auth/request-identity.js';
import { type CallHeaders } from './call-headers.js';
import { type AskedWait } from './lock-wait.js';

export interface CallInput extends RequestIdentity, CallHeaders {
  readonly verb: string;
  /** Whether its errors are problem documents. */
  readonly wantsProblem: boolean;
  readonly method: string | undefined;
  readonly args: Record<string, unknown>;
  /** Arguments of the query; the method's schema decides their types. */
  readonly textArgs: ReadonlyMap<string, string>;
  /** Id of its fleet call. */
  readonly fleetCall?: string | undefined;
  /** For the node's lock. */
  readonly wait?: AskedWait | undefined;
}
