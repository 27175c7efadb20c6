import { type Request } from 'express';
import { type StrategyName } from '../../config/settings/auth.js';
import { type Caller } from '../caller.js';

/** Why credentials were not accepted. */
export class Refusal {
  constructor(
    /** For the log, without secrets; names a user only if there is such a user. */
    readonly reason: string,
    /** For the caller. */
    readonly message: string,
    /** Whether the strategy itself slows down wrong attempts. */
    readonly isSlowed = false,
    /** Whether it has held this attempt back. */
    readonly isDelayed = false,
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
