import { type BmcRequest } from '../messages/answer.js';

/** Which requests a misbehaviour applies to, and how often. */
export interface Aim {
  /** Verbs in capitals; default: all. */
  readonly method?: string | readonly string[];
  /**
   * A part of the path, or a pattern of it. Default: everything below the service root except the
   * login, so that a client gets as far as the call under test.
   */
  readonly path?: string | RegExp;
  /** Hits before it is over; default: until it is switched off. */
  readonly times?: number;
  /** Matching requests that are answered normally first; default 0. */
  readonly after?: number;
}

/** `true`: always; a number: the next so many requests; or an {@link Aim}. */
export type Aimed = boolean | number | Aim;

/** Decides which requests one misbehaviour applies to. */
export class Sight {
  private spared = 0;
  private hits = 0;
  private readonly aim: Aim;

  constructor(aimed: Aimed | string) {
    this.aim = typeof aimed === 'number' ? { times: aimed } : typeof aimed === 'object' ? aimed : {};
  }

  /** Whether this request is hit; a hit is counted. */
  strikes(request: BmcRequest, isLogin: boolean): boolean {
    const { times = Infinity, after = 0 } = this.aim;
    if (this.hits >= times || !this.matches(request, isLogin)) {
      return false;
    }
    if (this.spared < after) {
      this.spared += 1;
      return false;
    }
    this.hits += 1;
    return true;
  }

  private matches(request: BmcRequest, isLogin: boolean): boolean {
    const { method, path } = this.aim;
    const methods = typeof method === 'string' ? [method] : method;
    if (methods && !methods.includes(request.method)) {
      return false;
    }
    if (path === undefined) {
      return !isLogin;
    }
    return typeof path === 'string' ? request.path.includes(path) : path.test(request.path);
  }
}
