import { setTimeout as delay } from 'node:timers/promises';
import { AnsweredError, ConnectionError } from './client-error.js';
import { isProxys } from './exit-code.js';

/** Without contact. */
const PATIENCE_MS = 60_000;
/** Between two attempts; longer each time. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [200, 5_000];

/** Goes on over lost connections and restarts of the service, as long as it is heard every now and then. */
export class Patience {
  private heardAt = performance.now();
  private pauseMs = FIRST_PAUSE_MS;

  constructor(
    private readonly signal: AbortSignal,
    private readonly milliseconds = PATIENCE_MS,
  ) {}

  /** Of the service. */
  heard(): void {
    this.heardAt = performance.now();
    this.pauseMs = FIRST_PAUSE_MS;
  }

  /** @returns undefined after a failure that passes, and a pause. @throws other errors; the reason of the signal. */
  async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.signal.throwIfAborted();
      if (!isPassing(error) || performance.now() - this.heardAt > this.milliseconds) throw error;
      await this.pause();
      return undefined;
    }
  }

  async pause(): Promise<void> {
    await delay(this.pauseMs, undefined, { signal: this.signal }).catch(() => this.signal.throwIfAborted());
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  return error instanceof AnsweredError && (isProxys(error) || error.status === 503);
}
