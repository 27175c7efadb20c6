import { type Caller } from '../../auth/caller.js';

export interface CallInput {
  readonly caller: Caller;
  readonly requestId: string;
  readonly verb: string;
  /** Whether its errors are problem documents. */
  readonly wantsProblem: boolean;
  readonly method: string | undefined;
  readonly args: Record<string, unknown>;
  /** Arguments of the query; the method's schema decides their types. */
  readonly textArgs: ReadonlyMap<string, string>;
}
