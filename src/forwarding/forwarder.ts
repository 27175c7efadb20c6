import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Agent, type Dispatcher } from 'undici';
import { Conductor } from '../conductors/conductor.js';
import { type RosteredConductor, Roster } from '../conductors/roster/roster.js';
import { CONFIG, type Config } from '../config/config.js';
import { Links } from '../http/links.js';
import { header } from '../http/request.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { throttled } from '../logging/throttled.js';
import { ForwardingMetrics } from '../metrics/forwarding.metrics.js';
import { counted } from '../text/counted.js';
import { spans } from '../tracing/spans.js';
import { type ConductorTrust } from './conductor-agent.js';
import { conductorAuthorities } from './conductor-authorities.js';
import {
  CertificateNotForwarded,
  ConductorDisconnected,
  ConductorSilent,
  Misdirected,
  NoConductorReached,
} from './errors.js';
import { Exchange, type ExchangeEnd } from './exchange.js';
import { answerHeaders, FORWARDED, type Headers, REFUSED, requestHeaders } from './forwarded-headers.js';

/** Milliseconds until the request is written, also if all connections are busy. */
const START_MS = 5_000;
/** Milliseconds, beside the time of the method: for the longest wait for a lock, the driver's checks and the answer. */
const MARGIN_MS = 60_000 + 30_000;
/** Milliseconds that operations of the management interface may take, which the roster does not name. */
const OPERATION_MS = 60_000;
const NO_ADDRESS = 'it has no address; one that listens on all needs FERRULE_CONDUCTOR_ADDRESS';
/** Milliseconds between two looks whether the lease of the conductor holds. */
const WATCH_MS = 1_000;

type Limits = Pick<Config, 'lockTries' | 'lockInterval' | 'conductorCa' | 'conductorCertName'>;

/**
 * Requests that need a driver of another process, passed on to a conductor that has it. The conductor authenticates the
 * client again, by the same headers. A request is sent to the next conductor only if nothing was begun.
 */
@Injectable()
export class Forwarder implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('Forwarding');
  private readonly warn = throttled((message) => this.logger.warn(message));
  /** Loaded for the first call, since most services pass none on. */
  private agent: Promise<Agent> | undefined;
  private readonly trust: ConductorTrust;
  /** Milliseconds of the tries to lock a node. */
  private readonly tries: number;
  private readonly running = new Set<Exchange>();

  constructor(
    @Inject(Roster) private readonly roster: Pick<Roster, 'isAlive'>,
    @Inject(Conductor) private readonly own: Pick<Conductor, 'isKnownAs'>,
    private readonly links: Links,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: ForwardingMetrics,
    @Inject(CONFIG) config: Limits,
  ) {
    this.tries = config.lockTries * config.lockInterval * 1_000;
    this.trust = { ca: conductorAuthorities(config).ca, servername: config.conductorCertName };
    lifecycle.awaits(() => {
      const { size } = this.running;
      return size === 0 ? undefined : counted(size, 'forwarded call');
    });
  }

  /** Waits for the answers, and gives them up when the time for running work is over. */
  async beforeApplicationShutdown(): Promise<void> {
    const { workEnds } = this.lifecycle;
    const giveUp = (): void => {
      for (const exchange of this.running) exchange.stop('silent', 'this process stops');
    };
    if (workEnds.aborted) giveUp();
    workEnds.addEventListener('abort', giveUp);
    await Promise.all(Array.from(this.running, ({ ended }) => ended));
    workEnds.removeEventListener('abort', giveUp);
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.agent)?.destroy();
  }

  /**
   * Answers the request, if the client is still there.
   * @throws NoConductorReached (503), ConductorDisconnected (502), ConductorSilent (504), Misdirected (421),
   * CertificateNotForwarded (501)
   */
  async forward(
    request: Request,
    response: Response,
    conductors: readonly RosteredConductor[],
  ): Promise<void> {
    if (this.own.isKnownAs(header(request, FORWARDED) ?? '')) {
      response.setHeader(FORWARDED, REFUSED);
      throw new Misdirected('does not have its driver');
    }
    this.lifecycle.refuseWhenDraining();
    if (request.caller.knownBy === 'certificate') throw new CertificateNotForwarded();
    const reasons: string[] = [];
    try {
      for (const conductor of conductors) {
        const end = await this.attempt(request, response, conductor);
        if (response.closed || end.is === 'answered') return;
        const { hostname } = conductor;
        reasons.push(`${hostname}: ${'reason' in end ? end.reason : 'it takes no calls now'}`);
        if (end.is === 'lost') throw new ConductorDisconnected(hostname);
        if (end.is === 'silent') throw new ConductorSilent(hostname);
        if (end.is === 'cut') {
          response.destroy();
          return;
        }
      }
    } finally {
      if (reasons.length > 0) this.warn(`A call was not answered by conductor ${reasons.join('; by ')}.`);
    }
    throw new NoConductorReached(conductors.map(({ hostname }) => hostname));
  }

  private async attempt(
    request: Request,
    response: Response,
    conductor: RosteredConductor,
  ): Promise<ExchangeEnd> {
    const { hostname, address } = conductor;
    const sentAt = performance.now();
    const step = { name: 'forward', attributes: { 'ferrule.conductor': hostname } };
    const end: ExchangeEnd =
      address === null
        ? { is: 'unsent', reason: NO_ADDRESS }
        : await spans.outgoing(step, (trace) => this.exchange(request, response, conductor, address, trace));
    const isAborted = response.closed && end.is !== 'answered';
    this.metrics.ended(isAborted ? 'aborted' : end.is, performance.now() - sentAt);
    return end;
  }

  private async exchange(
    request: Request,
    response: Response,
    conductor: RosteredConductor,
    address: string,
    trace: Headers,
  ): Promise<ExchangeEnd> {
    const exchange = new Exchange(response, (headers) => {
      takeId(request, headers['x-openstack-request-id']);
      return answerHeaders(headers);
    });
    const leave = (): void => exchange.stop('unsent', 'The client has left.');
    response.once('close', leave);
    this.running.add(exchange);
    const start = setTimeout(() => {
      if (!exchange.isSent) exchange.stop('unsent', 'it has no free connection');
    }, START_MS);
    const watch = setInterval(() => {
      if (exchange.isSent && !this.roster.isAlive(conductor.id))
        exchange.stop('silent', 'its lease has ended');
    }, WATCH_MS);
    try {
      this.agent ??= this.openAgent();
      (await this.agent).dispatch(this.optionsOf(request, conductor, address, trace), exchange);
      return await exchange.ended;
    } finally {
      this.running.delete(exchange);
      response.removeListener('close', leave);
      clearTimeout(start);
      clearInterval(watch);
    }
  }

  private async openAgent(): Promise<Agent> {
    const { conductorAgent } = await import('./conductor-agent.js');
    return conductorAgent(this.trust);
  }

  private optionsOf(
    request: Request,
    { id, drivers }: RosteredConductor,
    address: string,
    trace: Headers,
  ): Dispatcher.DispatchOptions & { origin: string } {
    const methods = [...drivers.values()].flatMap((driver) => driver.methods);
    const limits = methods.filter(({ isAsync }) => !isAsync).map(({ timeout }) => timeout);
    const longest = Math.max(OPERATION_MS, ...limits);
    const body: unknown = request.body;
    return {
      origin: address,
      // The request line may have a whole URL.
      path: request.originalUrl.replace(/^[a-z]+:\/\/[^/?#]*/i, ''),
      method: request.method,
      headers: { ...requestHeaders(request, { id, base: this.links.base(request) }), ...trace },
      body: Buffer.isBuffer(body) && body.length > 0 ? body : null,
      headersTimeout: longest + this.tries + MARGIN_MS,
    };
  }
}

/** So that the log has the id that the client sees, by which the conductor logs and records the call. */
function takeId(request: Request, id: string | string[] | undefined): void {
  if (typeof id === 'string') request.requestId = id;
}
