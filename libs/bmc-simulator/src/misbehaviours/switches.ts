import { type Aim, type Aimed, RequestMatcher } from './aim.js';
import { type BmcRequest } from '../messages/answer.js';
import { type Misbehaviours } from './misbehaviours.js';

type KeysOf<T> = {
  [K in keyof Misbehaviours]-?: NonNullable<Misbehaviours[K]> extends T ? K : never;
}[keyof Misbehaviours];

export type AimedSwitch = KeysOf<Aimed | string | Aim>;
export type DelaySwitch = 'latency' | 'firstByteDelay' | 'slowBytes';

/** Switches that by default also apply to the root and the login. */
const EVERYWHERE: ReadonlySet<string> = new Set(['redirectOnPost', 'latency', 'firstByteDelay', 'slowBytes']);

export class Switches {
  private values: Misbehaviours = {};
  private readonly matchers = new Map<string, RequestMatcher>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly isLogin: (request: BmcRequest) => boolean) {}

  /** Sets switches and resets their counts; others stay as they are. */
  set(changes: Misbehaviours): void {
    this.values = { ...this.values, ...changes };
    for (const key of Object.keys(changes)) {
      this.matchers.delete(key);
      this.counts.delete(key);
    }
  }

  clear(): void {
    this.values = {};
    this.matchers.clear();
    this.counts.clear();
  }

  get<K extends keyof Misbehaviours>(key: K): Misbehaviours[K] {
    return this.values[key];
  }

  applies(key: AimedSwitch, request: BmcRequest): boolean {
    const value = this.values[key];
    if (value === undefined || value === false) {
      return false;
    }
    return this.matcher(key, value).applies(request, !EVERYWHERE.has(key) && this.isLogin(request));
  }

  /** Counts one use of a switch that ends after a number of uses. Whether it was still on. */
  use(key: 'noFreeSession' | 'etagChanges'): boolean {
    const value = this.values[key];
    const times = value === true ? Infinity : Number(value ?? 0);
    const hits = this.counts.get(key) ?? 0;
    this.counts.set(key, hits + 1);
    return hits < times;
  }

  delay(key: DelaySwitch, request: BmcRequest): number {
    const value = this.values[key];
    if (value === undefined || typeof value === 'number') {
      return value ?? 0;
    }
    return this.matcher(key, value).applies(request, false) ? value.ms : 0;
  }

  private matcher(key: string, value: Aimed | string): RequestMatcher {
    let matcher = this.matchers.get(key);
    if (!matcher) {
      matcher = new RequestMatcher(key === 'resetOnce' ? onceBy(value) : value);
      this.matchers.set(key, matcher);
    }
    return matcher;
  }
}

function onceBy(value: Aimed | string): Aim {
  return { times: 1, ...(typeof value === 'object' && value) };
}
