import { isJsonObject } from '@ferrule/driver-kit';
import { type SealedPlace } from './key-ring.js';

/** @returns the value itself to leave it as it is and go on with its members. */
export type Change = (value: unknown, key: string | number, place: SealedPlace) => unknown;

/** Changes members and items of a JSON value at all levels. Copies only what has a change in it. */
export class MemberWalk {
  private readonly place: (string | number)[];

  constructor(
    place: SealedPlace,
    private readonly change: Change,
  ) {
    this.place = [...place];
  }

  below<T>(value: T): T;
  below(value: unknown): unknown {
    if (Array.isArray(value)) {
      const items: readonly unknown[] = value;
      const changed = items.map((item, index) => this.member(item, index));
      return changed.some((item, index) => item !== items[index]) ? changed : items;
    }
    if (!isJsonObject(value)) return value;
    let changes: Map<string, unknown> | undefined;
    for (const key of Object.keys(value)) {
      const changed = this.member(value[key], key);
      if (changed !== value[key]) (changes ??= new Map<string, unknown>()).set(key, changed);
    }
    return changes ? withChanges(value, changes) : value;
  }

  private member(value: unknown, key: string | number): unknown {
    this.place.push(key);
    const changed = this.change(value, key, this.place);
    const result = changed === value ? this.below(value) : changed;
    this.place.pop();
    return result;
  }
}

/** By entries, since an assignment to `__proto__` would set the prototype. */
function withChanges(value: object, changes: ReadonlyMap<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, changes.has(key) ? changes.get(key) : member]),
  );
}
