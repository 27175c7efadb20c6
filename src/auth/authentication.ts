import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { type Request } from 'express';
import { header, pathOf } from '../http/request.js';
import { requestLine } from '../logging/request-line.js';
import { throttledCalls } from '../logging/throttled.js';
import { networkOf } from '../http/limits/network-of.js';
import { type Authenticator } from './authenticator.js';
import { type Caller, callerProblem, NOBODY } from './caller.js';
import { MalformedCredentials, TooManyAttempts, Unauthorized } from './errors.js';
import { RefusedBy } from './refused-by.js';
import { FailedAttempts, LONGEST_DELAY_MS } from './failed-attempts.js';
import { isPublicPath } from './public-paths.js';
import { type Recognition, Refusal, type Strategy } from './strategies/strategy.js';

const MISSING = new Refusal('no credentials', 'Credentials are required', 'none');

/** Characters of an id in the log. */
const LONGEST_SHOWN = 100;

export interface AuthenticationOptions {
  /** In the order in which they are asked. */
  readonly strategies: readonly Strategy[];
  /** Whether a header `Authorization` that no strategy reads is 400, as Ironic has it with HTTP Basic. */
  readonly isStrict: boolean;
}

interface RefusedRequest {
  readonly request: Request;
  readonly reason: string;
}

/** Asks one strategy after the other, until one knows the caller. */
export class Authentication implements Authenticator {
  private readonly logger = new Logger('Authentication');
  private readonly logRefusal = throttledCalls(({ request, reason }: RefusedRequest, leftOut) => {
    const { requestId, method, originalUrl, ip } = request;
    const line = `${requestId} ${method} ${pathOf(originalUrl)} from ${ip ?? 'nowhere'}: ${reason}.${leftOut}`;
    this.logger.warn(requestLine(line, { requestId }));
  });
  private readonly attempts = new FailedAttempts();
  private readonly challenges: readonly string[];

  constructor(private readonly options: AuthenticationOptions) {
    this.challenges = options.strategies.map(({ challenge }) => challenge);
  }

  authenticate(request: Request): Caller | Promise<Caller> {
    if (isPublicPath(pathOf(request.url))) return NOBODY;
    return this.ask(0, request, MISSING, 'none');
  }

  private ask(
    index: number,
    request: Request,
    refusal: Refusal,
    refusedBy: RefusedBy['strategy'],
  ): Caller | Promise<Caller> {
    const strategy = this.options.strategies[index];
    // A wrong token must not make its sender somebody else.
    const isLast = strategy?.isOfConnection === true && refusal !== MISSING;
    if (strategy === undefined || isLast) return this.refuse(request, refusal, refusedBy);
    const goOn = (found: Recognition): Caller | Promise<Caller> => {
      if (found === undefined) return this.ask(index + 1, request, refusal, refusedBy);
      const checked = found instanceof Refusal ? found : usable(found);
      return checked instanceof Refusal ? this.ask(index + 1, request, checked, strategy.name) : checked;
    };
    const found = this.recognized(strategy, request);
    return found instanceof Promise ? found.then(goOn) : goOn(found);
  }

  private recognized(strategy: Strategy, request: Request): Recognition | Promise<Recognition> {
    try {
      return strategy.recognize(request);
    } catch (error) {
      if (error instanceof TooManyAttempts) {
        this.logRefusal({ request, reason: 'too many passwords for one name' });
      }
      throw error;
    }
  }

  private async refuse(request: Request, refusal: Refusal, strategy: RefusedBy['strategy']): Promise<never> {
    this.logRefusal({ request, reason: refusal.reason });
    if (refusal === MISSING && this.options.isStrict && header(request, 'authorization') !== undefined) {
      throw new MalformedCredentials('The scheme of the header Authorization is not supported.');
    }
    const isDelayed =
      refusal.delay === 'due' ? await this.slowDown(networkOf(request.ip)) : refusal.delay === 'done';
    throw new Unauthorized(refusal.message, this.challenges, new RefusedBy(strategy, { isDelayed }));
  }

  /** @returns whether there was a delay. */
  private async slowDown(network: string): Promise<boolean> {
    // Tokens cannot be guessed: what matters is that wrong ones cost their sender more than the service.
    const wait = Math.min(LONGEST_DELAY_MS, this.attempts.begin(network) ?? LONGEST_DELAY_MS);
    if (wait > 0) await delay(wait, undefined, { ref: false });
    return wait > 0;
  }
}

function usable(caller: Caller): Caller | Refusal {
  const problem = callerProblem(caller);
  if (problem === undefined) return caller;
  const shown = JSON.stringify(caller.id?.slice(0, LONGEST_SHOWN) ?? null);
  return new Refusal(
    `a caller that has a name, an id, a project or a role ${problem}: ${shown}`,
    'The caller has a name, an id, a project or a role that cannot be used',
    'none',
  );
}
