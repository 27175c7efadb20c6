import { type Answer, type Ask } from '../../support/http-client.js';
import { type Dice } from './dice.js';
import { type Fleet, type Period } from './fleet.js';

/** Longer than any limit of the service. */
const HUNG_MS = 90_000;

export interface GivenAnswer {
  readonly status: number;
  /** Of a failure. */
  readonly code: string;
  readonly text: string;
  readonly isReplayed: boolean;
  /** Path of the job. */
  readonly job: string | undefined;
  /** Milliseconds since 1970, from when it was asked for. */
  readonly period: Period;
}

/** One call, which may be sent several times if it has a key. */
export interface MadeCall {
  /** In the ledger. */
  readonly id: string;
  readonly node: string;
  readonly kind: string;
  /** It ends only when its lock is broken. */
  readonly isLong: boolean;
  readonly answers: GivenAnswer[];
  /** Requests without an answer: the connection broke, or the client left. */
  unanswered: number;
  hung: number;
  isCancelled: boolean;
}

export interface Asked {
  readonly milliseconds: number;
  readonly method: 'watch' | 'watch_job';
  readonly query?: string;
  readonly key?: string | undefined;
  /** The client leaves then. */
  readonly leaveAfter?: number | undefined;
}

export function madeCall(call: Pick<MadeCall, 'id' | 'node' | 'kind' | 'isLong'>): MadeCall {
  return { ...call, answers: [], unanswered: 0, hung: 0, isCancelled: false };
}

/** Asks any process that answers calls, through no connection that others use. */
export class Client {
  /** Milliseconds, of each answer to a call. */
  readonly times: number[] = [];

  constructor(
    private readonly fleet: Fleet,
    private readonly dice: Dice,
  ) {}

  /** @returns undefined if the answer was lost, or none came for longer than any limit. */
  async ask(method: string, path: string, ask: Ask = {}): Promise<Answer | undefined> {
    const headers = { Accept: 'application/problem+json', ...ask.headers };
    const signal = AbortSignal.timeout(HUNG_MS);
    const { apis } = this.fleet;
    if (apis.length === 0) return undefined;
    const { http } = this.dice.choose(apis).service;
    return http.send(method, path, { signal, ...ask, headers }).catch(() => undefined);
  }

  /** Notes in the call what came of it. */
  async send({ leaveAfter, ...asked }: Asked, made: MadeCall): Promise<void> {
    const from = Date.now();
    const began = performance.now();
    const hung = AbortSignal.timeout(HUNG_MS);
    const signal = leaveAfter === undefined ? hung : AbortSignal.any([hung, AbortSignal.timeout(leaveAfter)]);
    const path = `/v1/nodes/${made.node}/vendor_passthru/${asked.method}${asked.query ?? ''}`;
    const headers = asked.key === undefined ? {} : { 'Idempotency-Key': asked.key };
    const json = { id: made.id, milliseconds: asked.milliseconds };
    const answer = await this.ask('POST', path, { json, signal, headers });
    if (answer) {
      this.times.push(performance.now() - began);
      made.answers.push(given(answer, { from, until: Date.now() }));
    } else if (hung.aborted) made.hung++;
    else made.unanswered++;
  }
}

function given({ status, headers, text }: Answer, period: Period): GivenAnswer {
  const { location } = headers;
  return {
    status,
    text,
    period,
    code: codeOf({ status, text }),
    isReplayed: headers['idempotency-replayed'] === 'true',
    job: status === 202 && location !== undefined ? new URL(location).pathname : undefined,
  };
}

/** Of a failure. */
export function codeOf({ status, text }: Pick<Answer, 'status' | 'text'>): string {
  if (status < 400) return '';
  try {
    return String((JSON.parse(text) as { code?: unknown }).code);
  } catch {
    return text.slice(0, 100);
  }
}
