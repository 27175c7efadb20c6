import { setTimeout as delay } from 'node:timers/promises';
import { FairQueue } from '../../../waiting/fair-queue.js';
import { withLimit } from '../../../waiting/with-limit.js';
import { KeystoneUnusable, WrongAnswer } from './errors.js';
import { type KeystoneClient, type KeystoneToken } from './keystone-client.js';
import { type ServiceToken } from './service-token.js';

const ATTEMPTS = 2;
const PAUSE_MS = 200;
const AT_ONCE = 8;
/** Tokens that may wait; beyond it, whoever has the most waiting ones gets 503. */
const WAITING = 1_000;

/** Asks Keystone about tokens, a few at a time. */
export class TokenValidation {
  private readonly queue = new FairQueue(AT_ONCE, { length: WAITING, wait: Infinity });
  /** Milliseconds for one token, with the time in the queue. */
  private readonly limit: number;

  /** @param timeout milliseconds for one request. */
  constructor(
    private readonly client: KeystoneClient,
    private readonly own: ServiceToken,
    timeout: number,
  ) {
    this.limit = ATTEMPTS * timeout + 1_000;
  }

  /**
   * Undefined if the token is not valid. @param origin takes turns with others, so that one with many tokens does not
   * hold them up. @throws KeystoneUnusable
   */
  async validate(token: string, origin: string): Promise<KeystoneToken | undefined> {
    const end = performance.now() + this.limit;
    try {
      const work = this.queue.run(origin, () => this.attempt(token, end));
      return await withLimit(work, this.limit, `it did not answer within ${this.limit / 1_000} s`);
    } catch (error) {
      throw error instanceof KeystoneUnusable ? error : new KeystoneUnusable(error);
    }
  }

  private async attempt(token: string, end: number): Promise<KeystoneToken | undefined> {
    for (let attempt = 1; ; attempt++) {
      if (performance.now() >= end) throw new Error('too many tokens have to be checked');
      let own: string | undefined;
      try {
        own = await this.own.get();
        return await this.client.validate(own, token);
      } catch (error) {
        if (attempt === ATTEMPTS || !isWorthwhile(error, own)) throw error;
        if (own !== undefined && statusOf(error) === 401) this.own.forget(own);
        await delay(PAUSE_MS);
      }
    }
  }
}

/** @param own undefined if the service did not get a token of its own. */
function isWorthwhile(error: unknown, own: string | undefined): boolean {
  const status = statusOf(error);
  return status === undefined || status >= 500 || (status === 401 && own !== undefined);
}

function statusOf(error: unknown): number | undefined {
  return error instanceof WrongAnswer ? error.status : undefined;
}
