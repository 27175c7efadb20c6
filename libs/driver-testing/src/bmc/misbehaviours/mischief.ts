import { type Aim, type Aimed, Sight } from './aim.js';
import { type BmcRequest } from '../messages/answer.js';
import { type Misbehaviours } from './misbehaviours.js';

type KeysOf<T> = {
  [K in keyof Misbehaviours]-?: NonNullable<Misbehaviours[K]> extends T ? K : never;
}[keyof Misbehaviours];

export type AimedSwitch = KeysOf<Aimed | string | Aim>;
export type DelaySwitch = 'latency' | 'firstByteDelay' | 'slowBytes';

/** Switches that by default also apply to the root and the login. */
const EVERYWHERE: ReadonlySet<string> = new Set(['redirectOnPost', 'latency', 'firstByteDelay', 'slowBytes']);

export class Mischief {
  private switches: Misbehaviours = {};
  private readonly sights = new Map<string, Sight>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly isLogin: (request: BmcRequest) => boolean) {}

  /** Sets switches and resets their counts; others stay as they are. */
  set(changes: Misbehaviours): void {
    this.switches = { ...this.switches, ...changes };
    for (const key of Object.keys(changes)) {
      this.sights.delete(key);
      this.counts.delete(key);
    }
  }

  clear(): void {
    this.switches = {};
    this.sights.clear();
    this.counts.clear();
  }

  get<K extends keyof Misbehaviours>(key: K): Misbehaviours[K] {
    return this.switches[key];
  }

  /** Whether the switch applies to this request, which is then counted. */
  strikes(key: AimedSwitch, request: BmcRequest): boolean {
    const value = this.switches[key];
    if (value === undefined || value === false) {
      return false;
    }
    return this.sight(key, value).strikes(request, !EVERYWHERE.has(key) && this.isLogin(request));
  }

  /** Like {@link strikes}, for a switch that ends after `times`. */
  strikesUpTo(key: 'noFreeSession' | 'etagChanges'): boolean {
    const value = this.switches[key];
    const times = value === true ? Infinity : Number(value ?? 0);
    const hits = this.counts.get(key) ?? 0;
    this.counts.set(key, hits + 1);
    return hits < times;
  }

  delay(key: DelaySwitch, request: BmcRequest): number {
    const value = this.switches[key];
    if (value === undefined || typeof value === 'number') {
      return value ?? 0;
    }
    return this.sight(key, value).strikes(request, false) ? value.ms : 0;
  }

  private sight(key: string, value: Aimed | string): Sight {
    let sight = this.sights.get(key);
    if (!sight) {
      // Given by name only, a reset happens once.
      sight = new Sight(key === 'resetOnce' && typeof value === 'string' ? { times: 1 } : value);
      this.sights.set(key, sight);
    }
    return sight;
  }
}
