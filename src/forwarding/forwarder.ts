import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { Agent, type Dispatcher } from 'undici';
import { PROCESS, type ProcessDescription } from '../conductors/process-description.js';
import { type RosteredConductor, Roster } from '../conductors/roster.js';
import { CONFIG, type Config } from '../config/config.js';
import { Links } from '../http/links.js';
import { header } from '../http/request.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { throttled } from '../logging/throttled.js';
import {
  CertificateNotForwarded,
  ConductorLost,
  ConductorSilent,
  Misdirected,
  NoConductorReached,
} from './errors.js';
import { Exchange, type ExchangeEnd } from './exchange.js';
import { answerHeaders, FORWARDED, REFUSED, requestHeaders } from './forwarded-headers.js';

/** To one conductor; each waits for a running call. */
const CONNECTIONS = 500;
/** Milliseconds; long before the conductor closes an idle connection, since a request may be sent at that moment. */
const IDLE_MS = 1_000;
/** Milliseconds for a connection. */
const CONNECT_MS = 3_000;
/** Milliseconds until the request is written, also if all connections are busy. */
const START_MS = 5_000;
/** Milliseconds of silence within the body of an answer. */
const BODY_MS = 30_000;
/** Milliseconds, beside the time of the method: for the longest wait for a lock, the driver's checks and the answer. */
const MARGIN_MS = 60_000 + 30_000;
const NO_ADDRESS = 'it has no address; one that listens on all needs FERRULE_CONDUCTOR_ADDRESS';
/** Milliseconds between two looks whether the lease of the conductor holds. */
const WATCH_MS = 1_000;

/**
 * Requests that need a driver of another process, passed on to a conductor that has it. The conductor authenticates the
 * client again, by the same headers. A request is sent to the next conductor only if nothing was begun.
 */
@Injectable()
export class Forwarder implements OnApplicationShutdown {
  private readonly logger = new Logger('Forwarding');
  private readonly warn = throttled((message) => this.logger.warn(message));
  private readonly agent = new Agent({
    connections: CONNECTIONS,
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    connect: { timeout: CONNECT_MS },
    bodyTimeout: BODY_MS,
  });
  /** Milliseconds of the tries to lock a node. */
  private readonly tries: number;

  constructor(
    @Inject(Roster) private readonly roster: Pick<Roster, 'isAlive'>,
    private readonly links: Links,
    private readonly lifecycle: Lifecycle,
    @Inject(PROCESS) private readonly own: Pick<ProcessDescription, 'hostname'>,
    @Inject(CONFIG) { lockTries, lockInterval }: Pick<Config, 'lockTries' | 'lockInterval'>,
  ) {
    this.tries = lockTries * lockInterval * 1_000;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  /**
   * Answers the request, if the client is still there.
   * @throws NoConductorReached (503), ConductorLost (502), ConductorSilent (504), Misdirected (421),
   * CertificateNotForwarded (501)
   */
  async forward(
    request: Request,
    response: Response,
    conductors: readonly RosteredConductor[],
  ): Promise<void> {
    if (header(request, FORWARDED) !== undefined) {
      response.setHeader(FORWARDED, REFUSED);
      throw new Misdirected('does not have its driver');
    }
    this.lifecycle.refuseWhenDraining();
    const reasons: string[] = [];
    for (const conductor of conductors) {
      const { hostname, address } = conductor;
      if (request.caller.knownBy === 'certificate') throw new CertificateNotForwarded(hostname);
      const end: ExchangeEnd =
        address === null
          ? { is: 'unsent', reason: NO_ADDRESS }
          : await this.exchange(request, response, conductor, address);
      if (response.closed || end.is === 'answered') return;
      if (end.is === 'cut') response.destroy();
      const reason = `${hostname}: ${'reason' in end ? end.reason : 'it takes no calls now'}`;
      this.warn(`A call was not answered by conductor ${reason}.`);
      if (end.is === 'lost') throw new ConductorLost(hostname);
      if (end.is === 'silent') throw new ConductorSilent(hostname);
      if (end.is === 'cut') return;
      reasons.push(reason);
    }
    throw new NoConductorReached(reasons);
  }

  private async exchange(
    request: Request,
    response: Response,
    conductor: RosteredConductor,
    address: string,
  ): Promise<ExchangeEnd> {
    const exchange = new Exchange(response, (headers) => {
      takeId(request, headers['x-openstack-request-id']);
      return answerHeaders(headers, this.links.base(request));
    });
    const leave = (): void => exchange.stop('unsent', 'The client has left.');
    response.once('close', leave);
    const start = setTimeout(() => {
      if (!exchange.isSent) exchange.stop('unsent', 'it has no free connection');
    }, START_MS);
    const watch = setInterval(() => {
      if (exchange.isSent && !this.roster.isAlive(conductor.id))
        exchange.stop('silent', 'its lease has ended');
    }, WATCH_MS);
    try {
      this.agent.dispatch(this.optionsOf(request, conductor, address), exchange);
      return await exchange.ended;
    } finally {
      response.removeListener('close', leave);
      clearTimeout(start);
      clearInterval(watch);
    }
  }

  private optionsOf(
    request: Request,
    { drivers }: RosteredConductor,
    address: string,
  ): Dispatcher.DispatchOptions & { origin: string } {
    const methods = [...drivers.values()].flatMap((driver) => driver.methods);
    const longest = Math.max(0, ...methods.filter(({ isAsync }) => !isAsync).map(({ timeout }) => timeout));
    const body: unknown = request.body;
    return {
      origin: address,
      // The request line may have a whole URL.
      path: request.originalUrl.replace(/^[a-z]+:\/\/[^/?#]*/i, ''),
      method: request.method,
      headers: requestHeaders(request, this.own.hostname),
      body: Buffer.isBuffer(body) && body.length > 0 ? body : null,
      headersTimeout: longest + this.tries + MARGIN_MS,
    };
  }
}

/** So that the log has the id that the client sees, by which the conductor logs and records the call. */
function takeId(request: Request, id: string | string[] | undefined): void {
  if (typeof id === 'string') request.requestId = id;
}
