import { types } from 'node:util';
import { type SizeLimits } from '../../json/json-size.js';
import { lengthOf } from './bytes.js';

/** Deeper values would exhaust the stack here, in PostgreSQL or in clients. */
const MAXIMUM_DEPTH = 1_000;

export class LimitExceeded extends Error {
  constructor(readonly limit: keyof SizeLimits) {
    super(`It exceeds the limit of ${limit}.`);
  }
}

/**
 * A copy with only what JSON of the value would have: an object that occurs twice is there twice, and `toJSON` is called
 * once. It stops at the limits, since encoding more would block the service.
 * @returns undefined for a value that JSON leaves out.
 * @throws LimitExceeded; TypeError if JSON cannot represent a part; whatever a member of the value throws.
 */
export function plainJson(limits: SizeLimits, value: unknown): unknown {
  return new Copier(limits).copy(value, '', 0);
}

class Copier {
  private bytes = 0;
  private values = 0;
  private readonly ancestors = new Set<object>();

  constructor(private readonly limits: SizeLimits) {}

  copy(given: unknown, key: string, depth: number): unknown {
    if (types.isTypedArray(given)) this.assertFits(lengthOf(given));
    const value = unboxed(ownJson(given, key));
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'bigint') throw new TypeError('it has a BigInt, which JSON cannot represent');
    if (typeof value === 'function' || typeof value === 'symbol' || value === undefined) return undefined;
    this.addBytes(1);
    return typeof value === 'object' && value !== null ? this.object(value, depth) : value;
  }

  private object(value: object, depth: number): unknown {
    if (this.ancestors.has(value))
      throw new TypeError('it has a circular structure, which JSON cannot represent');
    if (depth === MAXIMUM_DEPTH) throw new TypeError(`it is nested deeper than ${MAXIMUM_DEPTH} levels`);
    this.ancestors.add(value);
    const copy = Array.isArray(value) ? this.items(value, depth) : this.members(value, depth);
    this.ancestors.delete(value);
    return copy;
  }

  private items(array: readonly unknown[], depth: number): unknown[] {
    const { length } = array;
    this.addValues(length);
    return Array.from({ length }, (_, index) => this.copy(array[index], String(index), depth + 1));
  }

  private members(object: object, depth: number): object {
    if (!types.isTypedArray(object) && (Symbol.iterator in object || Symbol.asyncIterator in object)) {
      throw new TypeError('it has a stream, iterator or collection, which JSON cannot represent');
    }
    const keys = Object.keys(object);
    this.addValues(keys.length);
    const copy: Record<string, unknown> = {};
    for (const key of keys) {
      const member = this.copy(Reflect.get(object, key), key, depth + 1);
      if (member === undefined) continue;
      this.text(key);
      // An assignment would set the prototype.
      if (key === '__proto__') Object.defineProperty(copy, key, { value: member, enumerable: true });
      else copy[key] = member;
    }
    return copy;
  }

  /** JSON has every item of a typed array as a number, and even naming the items of a large one would take seconds. */
  private assertFits(items: number): void {
    if (this.bytes + items > this.limits.bytes) throw new LimitExceeded('bytes');
    if (this.values + items > this.limits.values) throw new LimitExceeded('values');
  }

  private text(text: string): string {
    this.addBytes(jsonLength(text, this.limits.bytes - this.bytes));
    return text;
  }

  private addBytes(count: number): void {
    this.bytes += count;
    if (this.bytes > this.limits.bytes) throw new LimitExceeded('bytes');
  }

  private addValues(count: number): void {
    this.values += count;
    if (this.values > this.limits.values) throw new LimitExceeded('values');
  }
}

function ownJson(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const toJSON: unknown = Reflect.get(value, 'toJSON');
  return typeof toJSON === 'function' ? Reflect.apply(toJSON, value, [key]) : value;
}

function unboxed(value: unknown): unknown {
  const isBox = value instanceof String || value instanceof Number || value instanceof Boolean;
  return isBox ? value.valueOf() : value;
}

/** Bytes in JSON, with quotes and escapes; counts no further than `most`. */
function jsonLength(text: string, most: number): number {
  let length = text.length + 2;
  for (let index = 0; index < text.length && length <= most; index++) length += surplus(text, index);
  return length;
}

/** Bytes more than one that JSON needs for a UTF-16 unit. */
function surplus(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  if (unit === 0x22 || unit === 0x5c) return 1;
  if (unit < 0x20) return 0x08 <= unit && unit <= 0x0d && unit !== 0x0b ? 1 : 5;
  if (unit < 0x80) return 0;
  if (unit < 0x800) return 1;
  if (unit < 0xd800 || unit > 0xdfff) return 2;
  const point = text.codePointAt(index) ?? 0;
  // Each half of a pair has two of its four bytes; a half alone is escaped.
  const isPair =
    point > 0xffff || (unit >= 0xdc00 && index > 0 && (text.codePointAt(index - 1) ?? 0) > 0xffff);
  return isPair ? 1 : 5;
}
