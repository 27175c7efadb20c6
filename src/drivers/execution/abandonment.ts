import { MethodAbandoned } from './method-errors.js';

const ABORT_GRACE = 10_000;

/** Rejects some time after an abort, for methods that ignore their signal. */
export class Abandonment {
  readonly promise: Promise<never>;
  private timer: NodeJS.Timeout | undefined;
  private reject: (reason: Error) => void = () => {};
  private readonly onAbort = (): void => {
    this.timer = setTimeout(() => this.now(), ABORT_GRACE);
  };

  constructor(
    private readonly signal: AbortSignal,
    private readonly method: string,
  ) {
    this.promise = new Promise<never>((_, reject) => {
      this.reject = reject;
    });
    if (signal.aborted) this.onAbort();
    else signal.addEventListener('abort', this.onAbort, { once: true });
  }

  now(): void {
    this.reject(new MethodAbandoned(this.method));
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.onAbort);
  }
}
