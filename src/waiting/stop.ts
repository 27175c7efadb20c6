import { type FerruleError } from '@ferrule/driver-kit';

/** Asks work to stop, once. Every call needs some, and an AbortController costs several times as much. */
export class Stop {
  private why: FerruleError | undefined;
  private listeners: ((reason: FerruleError) => void)[] | undefined;

  /** @param look called before the reason is read, and may abort: what only a clock tells. */
  constructor(private readonly look?: () => void) {}

  /** The error that the work ends with; undefined while it may go on. */
  get reason(): FerruleError | undefined {
    if (!this.why) this.look?.();
    return this.why;
  }

  /** Only the first reason counts. */
  abort(reason: FerruleError): void {
    if (this.why) return;
    this.why = reason;
    for (const listener of this.listeners ?? []) listener(reason);
    this.listeners = undefined;
  }

  /** Calls the listener when the work must stop, at once if that is already so; never after `removeListener`. */
  onAbort(listener: (reason: FerruleError) => void): void {
    if (this.why) listener(this.why);
    else (this.listeners ??= []).push(listener);
  }

  removeListener(listener: (reason: FerruleError) => void): void {
    this.listeners = this.listeners?.filter((each) => each !== listener);
  }

  throwIfAborted(): void {
    const { reason } = this;
    if (reason) throw reason;
  }
}
