import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer } from '../../support/http-client.js';
import { type Dice } from './dice.js';
import { type Fleet } from './fleet.js';

/** Longer than any limit of the service. */
const HUNG_MS = 90_000;
const WAIT_SECONDS = 5;
/** Callers often meet at these nodes. */
const BUSY_NODES = 8;
const LONGEST_MS = 40;
const REPEATS = 8;
const PAUSE_MS = 50;

export interface GivenAnswer {
  readonly status: number;
  /** Of a failure. */
  readonly code: string;
  readonly text: string;
  readonly isReplayed: boolean;
  /** Path of the job. */
  readonly job: string | undefined;
}

/** One call, which may be sent several times if it has a key. */
export interface MadeCall {
  /** In the ledger. */
  readonly id: string;
  readonly kind: string;
  readonly answers: GivenAnswer[];
  /** Requests without an answer: the connection broke, or the client left. */
  unanswered: number;
  hung: number;
  isCancelled: boolean;
}

interface Asked {
  readonly node: string;
  readonly id: string;
  readonly milliseconds: number;
  readonly method: string;
  readonly query: string;
  readonly key: string | undefined;
  /** The client leaves then. */
  readonly leaveAfter: number | undefined;
}

/** Clients that call without a pause. */
export class Load {
  readonly calls: MadeCall[] = [];
  /** Milliseconds, of each answer. */
  readonly times: number[] = [];
  private isOver = false;
  private callers: Promise<void>[] = [];

  constructor(
    private readonly fleet: Fleet,
    private readonly nodes: readonly string[],
    private readonly dice: Dice,
  ) {}

  start(callers: number): void {
    this.isOver = false;
    this.callers = Array.from({ length: callers }, async () => {
      while (!this.isOver) await this.call();
    });
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.callers);
  }

  private async call(): Promise<void> {
    const { dice } = this;
    const isSync = dice.isLikely(0.5);
    const waits = dice.isLikely(0.3);
    const hasKey = dice.isLikely(0.4);
    const id = randomUUID();
    const asked: Asked = {
      node: dice.choose(dice.isLikely(0.4) ? this.nodes.slice(0, BUSY_NODES) : this.nodes),
      id,
      milliseconds: dice.below(LONGEST_MS),
      method: isSync ? 'watch' : 'watch_job',
      query: waits ? `?wait=${WAIT_SECONDS}` : '',
      key: hasKey ? id : undefined,
      leaveAfter: waits && dice.isLikely(0.1) ? dice.below(LONGEST_MS) : undefined,
    };
    const kind = [
      isSync ? 'sync' : 'async',
      ...(waits ? ['in line'] : []),
      ...(hasKey ? ['with a key'] : []),
    ];
    const made: MadeCall = {
      id,
      kind: kind.join(' '),
      answers: [],
      unanswered: 0,
      hung: 0,
      isCancelled: false,
    };
    this.calls.push(made);
    if (hasKey) await this.sendOften(asked, made);
    else await this.send(asked, made);
    await this.cancelSome(made);
    // Refusals come at once.
    if (made.answers.at(-1)?.status !== 200) await delay(PAUSE_MS);
  }

  /** Twice at once or again, by the same or another process, until it is clear what became of it. */
  private async sendOften(asked: Asked, made: MadeCall): Promise<void> {
    if (this.dice.isLikely(0.3)) await Promise.all([this.send(asked, made), this.send(asked, made)]);
    for (let turn = 0; turn < REPEATS; turn++) {
      await this.send({ ...asked, ...(turn > 0 ? { leaveAfter: undefined } : {}) }, made);
      const { status } = made.answers.at(-1) ?? { status: 0 };
      if (status === 200 || status === 202) break;
      await delay(PAUSE_MS);
    }
    if (this.dice.isLikely(0.3)) await this.send({ ...asked, leaveAfter: undefined }, made);
  }

  private async send({ leaveAfter, ...asked }: Asked, made: MadeCall): Promise<void> {
    const began = performance.now();
    const hung = AbortSignal.timeout(HUNG_MS);
    const signal = leaveAfter === undefined ? hung : AbortSignal.any([hung, AbortSignal.timeout(leaveAfter)]);
    const path = `/v1/nodes/${asked.node}/vendor_passthru/${asked.method}${asked.query}`;
    const headers = {
      Accept: 'application/problem+json',
      ...(asked.key === undefined ? {} : { 'Idempotency-Key': asked.key }),
    };
    const { id, milliseconds } = asked;
    try {
      const { http } = this.dice.choose(this.fleet.apis).service;
      const answer = await http.post(path, { id, milliseconds }, { signal, headers });
      this.times.push(performance.now() - began);
      made.answers.push(given(answer));
    } catch {
      if (hung.aborted) made.hung++;
      else made.unanswered++;
    }
  }

  private async cancelSome(made: MadeCall): Promise<void> {
    const job = made.answers.at(-1)?.job;
    if (job === undefined || !this.dice.isLikely(0.1)) return;
    made.isCancelled = true;
    const signal = AbortSignal.timeout(HUNG_MS);
    // Its answer may be lost.
    await this.dice
      .choose(this.fleet.apis)
      .service.http.delete(job, { signal })
      .catch(() => undefined);
  }
}

function given({ status, headers, text }: Answer): GivenAnswer {
  const { location } = headers;
  return {
    status,
    text,
    code: status < 400 ? '' : codeIn(text),
    isReplayed: headers['idempotency-replayed'] === 'true',
    job: status === 202 && location !== undefined ? new URL(location).pathname : undefined,
  };
}

function codeIn(text: string): string {
  try {
    return String((JSON.parse(text) as { code?: unknown }).code);
  } catch {
    return text.slice(0, 100);
  }
}
