import { type Request } from 'express';
import { type WatchedFile } from '../../files/watched-file.js';
import { header } from '../../http/request.js';
import { type Callers, digestOf } from '../files/callers-file.js';
import { authTokenOf } from './auth-token.js';
import { schemeOf } from './scheme.js';
import { type Recognition, Refusal, type Strategy } from './strategy.js';

const UNKNOWN = new Refusal('an unknown token', 'The token is not known', 'due');

/** The token of `Authorization: Bearer`, or of `X-Auth-Token`, which clients of OpenStack send. */
export function tokenOf(request: Request): string | undefined {
  const authorization = header(request, 'authorization');
  if (authorization !== undefined) {
    const [scheme, rest] = schemeOf(authorization);
    if (scheme === 'bearer') return rest;
  }
  return authTokenOf(request);
}

/** Tokens of a file, which has only their digests. */
export class StaticToken implements Strategy {
  readonly name = 'token';
  readonly challenge = 'Bearer realm="Baremetal API"';

  constructor(private readonly callers: WatchedFile<Callers>) {}

  recognize(request: Request): Recognition {
    const token = tokenOf(request);
    if (token === undefined) return undefined;
    return this.callers.current.byToken.get(digestOf(token)) ?? UNKNOWN;
  }
}
