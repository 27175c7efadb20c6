import { setTimeout as delay } from 'node:timers/promises';
import { type JobDocument } from '../../support/passthru.js';
import { type Client, codeOf, type MadeCall } from './client.js';
import { type Dice } from './dice.js';
import { REFUSALS } from './verdict.js';

const PAUSE_MS = 100;
/** Milliseconds; longer than any call. */
const PATIENCE_MS = 120_000;
const OPEN = ['queued', 'running'];
/** Codes of failures after which the lock is as it was. */
const KEPT = ['NodeNotLocked', 'OtherLockHeld', ...REFUSALS];

interface Lock {
  readonly node: string;
  readonly purpose: string;
  readonly job: string | null;
  readonly fence: number;
}

/** A lock that was or may have been broken. */
export interface Break extends Lock {
  readonly isSure: boolean;
  /** As the answer says. */
  readonly jobState: string | null;
}

/** An administrator who breaks locks of others, each by its fence. */
export class Breaker {
  private readonly breaks: Break[] = [];
  /** By status and code. */
  readonly answers: Record<string, number> = {};

  constructor(
    private readonly client: Client,
    private readonly dice: Dice,
    private readonly complain: (complaint: string) => void,
  ) {}

  /** Breaks one of the locks that are held now. */
  async breakAny(): Promise<void> {
    const locks = await this.locks();
    if (locks.length > 0) await this.break(this.dice.choose(locks));
  }

  /** Breaks the locks of its node until the call has ended. @param sending ends with its answer. */
  async breakUntil({ node, answers }: MadeCall, sending: Promise<void>): Promise<void> {
    let isSent = false;
    void sending.finally(() => (isSent = true));
    for (const began = performance.now(); performance.now() - began < PATIENCE_MS; await delay(PAUSE_MS)) {
      const job = answers.at(-1)?.job;
      if (isSent && (job === undefined || (await this.hasEnded(job)))) return;
      const lock = (await this.locks()).find((each) => each.node === node);
      if (lock) await this.break(lock);
    }
  }

  /** Whether this lock was, or may have been broken. */
  mayHaveBroken(node: string, fence: number): boolean {
    return this.breaks.some((each) => each.node === node && each.fence === fence);
  }

  mayHaveBrokenSome(node: string): boolean {
    return this.breaks.some((each) => each.node === node);
  }

  ofJob(id: string): Break | undefined {
    return this.breaks.find(({ purpose }) => purpose === `job:${id}`);
  }

  forget(): void {
    this.breaks.length = 0;
  }

  private async hasEnded(job: string): Promise<boolean> {
    const answer = await this.client.ask('GET', job);
    if (answer?.status === 404) return true;
    return answer?.status === 200 && !OPEN.includes(answer.json<JobDocument>().state);
  }

  private async locks(): Promise<readonly Lock[]> {
    const answer = await this.client.ask('GET', '/v1/locks');
    return answer?.status === 200 ? answer.json<{ locks: readonly Lock[] }>().locks : [];
  }

  private async break(lock: Lock): Promise<void> {
    const { node, fence, job } = lock;
    const answer = await this.client.ask('DELETE', `/v1/locks/${node}?fence=${fence}`);
    const code = answer && codeOf(answer);
    const name = answer ? `${answer.status} ${code ?? ''}`.trim() : 'none';
    this.answers[name] = (this.answers[name] ?? 0) + 1;
    if (code !== undefined && KEPT.includes(code)) return;
    if (!answer || code === 'OutcomeUnknown') {
      this.breaks.push({ ...lock, isSure: false, jobState: null });
      return;
    }
    const what = `the breaking of the lock ${fence} of node ${node} (${lock.purpose})`;
    if (answer.status !== 200) {
      this.complain(`${what} was answered ${name}: ${answer.text.slice(0, 300)}`);
      return;
    }
    const told = answer.json<{ fence: number; job: string | null; job_state: string | null }>();
    if (told.fence !== fence + 1 || told.job !== job)
      this.complain(`${what} of job ${job} was answered ${answer.text}`);
    if (this.breaks.some((each) => each.isSure && each.node === node && each.fence === fence))
      this.complain(`${what} succeeded twice`);
    this.breaks.push({ ...lock, isSure: true, jobState: told.job_state });
  }
}
