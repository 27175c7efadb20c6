import { type Request } from 'express';
import { type StrategyName } from '../../config/settings/auth.js';
import { type Caller } from '../caller.js';

/**
 * Whether the answer to wrong credentials is held back: `due` if it still has to be, `done` if the strategy has done it,
 * `none` if it need not be.
 */
export type Delay = 'due' | 'done' | 'none';

/** Why credentials were not accepted. */
export class Refusal {
  constructor(
    /** For the log, without secrets; names a user only if there is such a user. */
    readonly reason: string,
    /** For the caller. */
    readonly message: string,
    readonly delay: Delay,
  ) {}
}

/** Undefined: the request has no credentials of this kind. */
export type Recognition = Caller | Refusal | undefined;

/** One way to know callers. */
export interface Strategy {
  readonly name: StrategyName;
  /** For the header `WWW-Authenticate`. */
  readonly challenge: string;
  /** Whether the credentials are those of a connection, which count only for requests that have none of their own. */
  readonly isOfConnection?: boolean;
  /** At once if it can: this is on the path of every request. @throws MalformedCredentials */
  recognize(request: Request): Recognition | Promise<Recognition>;
}
