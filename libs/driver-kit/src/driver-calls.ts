import { AsyncLocalStorage } from 'node:async_hooks';

/** A call of a driver's code. */
export interface DriverCall {
  /** `req-<uuid>` of the call. */
  readonly requestId: string;
  /** Name of the caller, if there is one. */
  readonly caller?: string | null;
  /** Id of the caller, which says also how it is known. */
  readonly callerId?: string | null;
  /** UUID of its node. */
  readonly node?: string | undefined;
  /** Id of the job that runs it. */
  readonly job?: string | undefined;
  /** The driver package, as name@version. */
  readonly source: string;
  /** Masks the secrets of the call in a text. */
  redact(text: string): string;
  /**
   * Ends the call with an error that its code left behind, in a timer or in a promise that nobody awaits.
   * @returns whether the call ends, or has ended, with such an error; otherwise it had another end already.
   */
  fail(error: unknown): boolean;
}

/** From this version on, Node follows calls without observing every promise. */
const CHEAP_SINCE = 24;

/**
 * Identifies the call that the current code belongs to, across timers and promises. Before Node 24 this slows every
 * promise of the process, so it is off until `follow` is called: by the host at the start if a driver without
 * `handlesAllErrors` is enabled, otherwise after the first unhandled error.
 */
export class DriverCalls {
  private storage: AsyncLocalStorage<DriverCall | undefined> | undefined;

  constructor(isCheap = Number.parseInt(process.versions.node, 10) >= CHEAP_SINCE) {
    if (isCheap) this.follow();
  }

  /** Calls that begin from now on can be identified. */
  follow(): void {
    this.storage ??= new AsyncLocalStorage();
  }

  /** Undefined outside of calls, and for calls that are not followed. */
  get current(): DriverCall | undefined {
    return this.storage?.getStore();
  }

  run<T>(call: DriverCall, work: () => T): T {
    return this.storage === undefined ? work() : this.storage.run(call, work);
  }

  /** For work of the host that a driver asks for: what it leaves behind is not the driver's. */
  outside<T>(work: () => T): T {
    return this.storage?.getStore() === undefined ? work() : this.storage.run(undefined, work);
  }
}

// In the global symbol registry, because a driver package may bring its own copy of the kit.
const CALLS = Symbol.for('ferrule.driver-calls');
const shared = globalThis as typeof globalThis & { [CALLS]?: DriverCalls };

/** One for all copies of the kit in the process. */
export const driverCalls: DriverCalls = (shared[CALLS] ??= new DriverCalls());
