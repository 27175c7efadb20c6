import { hash } from 'node:crypto';
import { type Request } from 'express';
import { networkOf } from '../../../http/limits/network-of.js';
import { type Caller, frozenCaller } from '../../caller.js';
import { Recent } from '../../../http/limits/recent.js';
import { authTokenOf } from '../auth-token.js';
import { type Recognition, Refusal, type Strategy } from '../strategy.js';
import { type KeystoneToken } from './keystone-client.js';
import { type TokenValidation } from './token-validation.js';

const UNKNOWN = new Refusal('a token that Keystone does not know', 'The token is not valid', 'due');

interface Known {
  readonly result: Caller | Refusal;
  /** By the clock of the machine. */
  readonly until: number;
}

export interface KeystoneOptions {
  /** For the header `WWW-Authenticate`. */
  readonly url: string;
  /** Milliseconds. */
  readonly cache: number;
}

/**
 * Short, since a refused token may be valid a moment later, when its key has come to the server of Keystone that was
 * asked.
 */
const REFUSED_MS = 5_000;
const REMEMBERED = 10_000;
/**
 * The number of refusals that are remembered, apart from the accepted tokens, which a flood of wrong ones must not push
 * out.
 */
const REMEMBERED_REFUSALS = 1_000;
const LONGEST_TOKEN = 8_192;
/** The id of the domain that every Keystone has. */
const DEFAULT_DOMAIN = 'default';

/** Callers whom Keystone knows by their token. */
export class Keystone implements Strategy {
  readonly name = 'keystone';
  readonly challenge: string;
  private readonly accepted = new Recent<Known>(REMEMBERED);
  private readonly refused = new Recent<Known>(REMEMBERED_REFUSALS);
  private readonly underway = new Map<string, Promise<Caller | Refusal>>();

  constructor(
    private readonly validation: Pick<TokenValidation, 'validate'>,
    private readonly options: KeystoneOptions,
  ) {
    this.challenge = `Keystone uri="${options.url}"`;
  }

  recognize(request: Request): Recognition | Promise<Recognition> {
    const token = authTokenOf(request);
    if (token === undefined) return undefined;
    if (token.length > LONGEST_TOKEN || !/^[\x21-\x7e]+$/.test(token)) return UNKNOWN;
    const key = hash('sha256', token, 'base64');
    const known = this.accepted.get(key) ?? this.refused.get(key);
    if (known !== undefined && Date.now() < known.until) return known.result;
    const asked = this.underway.get(key) ?? this.ask(key, token, networkOf(request.ip));
    this.underway.set(key, asked);
    return asked;
  }

  private async ask(key: string, token: string, network: string): Promise<Caller | Refusal> {
    try {
      const found = await this.validation.validate(token, network);
      const now = Date.now();
      if (found === undefined || found.expires_at <= now) {
        this.accepted.delete(key);
        this.refused.set(key, { result: UNKNOWN, until: now + REFUSED_MS });
        return UNKNOWN;
      }
      const result = callerOf(found);
      this.accepted.set(key, { result, until: Math.min(found.expires_at, now + this.options.cache) });
      return result;
    } finally {
      this.underway.delete(key);
    }
  }
}

function callerOf({ user, project, system, roles }: KeystoneToken): Caller {
  return frozenCaller({
    id: `keystone:${user.id}`,
    name: nameOf(user),
    projectId: project?.id ?? null,
    roles: roles.map(({ name }) => name.toLowerCase()),
    hasSystemScope: system?.all === true,
    knownBy: 'keystone',
  });
}

/** Names are unique within a domain only. */
function nameOf({ name, domain }: KeystoneToken['user']): string {
  return domain === undefined || domain.id === DEFAULT_DOMAIN ? name : `${name}@${domain.name}`;
}
