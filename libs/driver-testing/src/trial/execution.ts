import { type Progress } from '@ferrule/driver-kit';
import { type Method } from '../subject/subject.js';

/** One run of a method's code, observed. */
export interface Execution {
  readonly method: Method;
  readonly args: Readonly<Record<string, unknown>>;
  /** By which arguments it was called: of an example, or made up. */
  readonly origin: 'example' | 'made up';
  /** Members of the task that were used. */
  readonly used: ReadonlySet<string>;
  readonly reports: readonly Progress[];
  readonly saved: readonly unknown[];
  /** What was used of the task after the method had ended. */
  readonly late: readonly string[];
  readonly outcome: Outcome | undefined;
  readonly isAborted: boolean;
  /** It did not end after it was aborted. */
  readonly isStuck: boolean;
}

export type Outcome = { readonly result: unknown } | { readonly error: unknown };

/** An execution while it is observed. */
export class Observation implements Execution {
  readonly used = new Set<string>();
  readonly reports: Progress[] = [];
  readonly saved: unknown[] = [];
  readonly late: string[] = [];
  outcome: Outcome | undefined;
  isAborted = false;
  isStuck = false;

  private signal: () => AbortSignal = () => new AbortController().signal;

  constructor(
    readonly method: Method,
    readonly args: Readonly<Record<string, unknown>>,
    readonly origin: Execution['origin'],
  ) {}

  /** The task, watched. */
  watched<T extends { readonly signal: AbortSignal }>(task: T): T {
    this.signal = () => task.signal;
    return new Proxy(task, {
      get: (target, member, receiver) => {
        const value: unknown = Reflect.get(target, member, receiver);
        if (typeof member !== 'string') return value;
        this.used.add(member);
        return typeof value === 'function' ? this.recorded(member, value, target) : value;
      },
    });
  }

  /** Calls the method, and keeps what it gives or throws. */
  run(call: () => unknown): unknown {
    let value: unknown;
    try {
      value = call();
    } catch (error) {
      this.fail(error);
      throw error;
    }
    if (!isThenable(value)) {
      this.outcome = { result: value };
      return value;
    }
    return Promise.resolve(value).then(
      (result: unknown) => {
        this.outcome = { result };
        return result;
      },
      (error: unknown) => {
        this.fail(error);
        throw error;
      },
    );
  }

  private fail(error: unknown): void {
    this.outcome = { error };
    // The service makes a signal only for a method that uses it.
    this.isAborted ||= this.used.has('signal') && this.signal().aborted;
  }

  private recorded(member: string, value: object, target: object): unknown {
    return (...args: unknown[]): unknown => {
      if (this.outcome !== undefined && member !== 'driverInfo') this.late.push(member);
      if (member === 'progress') this.reports.push(args[0] as Progress);
      if (member === 'saveInternalInfo') this.saved.push(args[0]);
      return Reflect.apply(value as (...all: unknown[]) => unknown, target, args);
    };
  }
}

/** Also a promise of another realm, as the test runners have them. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
