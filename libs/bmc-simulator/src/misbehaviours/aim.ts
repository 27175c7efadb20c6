import { type BmcRequest } from '../messages/answer.js';

export interface Aim {
  /** Verbs in capitals; default: all. */
  readonly method?: string | readonly string[];
  /** A part of the path, or a pattern. Default: everything below the service root except the login. */
  readonly path?: string | RegExp;
  /** Requests it applies to before it ends; default: no limit. */
  readonly times?: number;
  /** Matching requests answered normally first; default 0. */
  readonly after?: number;
}

/** `true`: always; a number: the next so many requests; or an {@link Aim}. */
export type Aimed = boolean | number | Aim;

export class RequestMatcher {
  private spared = 0;
  private hits = 0;
  private readonly aim: Aim;

  constructor(aimed: Aimed | string) {
    this.aim = typeof aimed === 'number' ? { times: aimed } : typeof aimed === 'object' ? aimed : {};
  }

  applies(request: BmcRequest, isLogin: boolean): boolean {
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
