import { type Request } from 'express';
import { BOOLEAN_WORDS, booleanOf } from './boolean.js';
import { BadRequest, NotAcceptable, UnexpectedArguments } from '../errors.js';
import { searchOf } from '../request.js';
import { uuidOf } from './uuid.js';

/** N of 1.N. Below it the answer is 406, or 400 with `before: 'unexpected'`. */
export type Since = number | { readonly since: number; readonly before: 'unexpected' };
export type ParameterTable = Readonly<Record<string, Since>>;

/** Without support for brackets. */
export class Query {
  private static readonly EMPTY = new Query('');
  private readonly values = new Map<string, string[]>();

  static of(request: Request): Query {
    const search = searchOf(request.url);
    return search === '' ? Query.EMPTY : new Query(search);
  }

  constructor(search: string) {
    for (const [name, value] of new URLSearchParams(search)) {
      if (name.includes('\0')) throw new BadRequest('The name of a parameter has a NUL character.');
      if (value.includes('\0')) throw new BadRequest(`Invalid ${name}: it has a NUL character.`);
      const known = this.values.get(name);
      if (known) known.push(value);
      else this.values.set(name, [value]);
    }
  }

  get names(): string[] {
    return [...this.values.keys()];
  }

  entries(): IterableIterator<[string, string[]]> {
    return this.values.entries();
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** @throws UnexpectedArguments (400) for unknown parameters, NotAcceptable (406) for newer ones. */
  check(table: ParameterTable, microversion: number): void {
    const unexpected = this.names.filter((name) => {
      const since = entry(table, name);
      return since === undefined || (typeof since !== 'number' && microversion < since.since);
    });
    if (unexpected.length > 0) throw new UnexpectedArguments(unexpected);
    for (const name of this.names) {
      const since = entry(table, name);
      if (typeof since === 'number' && microversion < since) throw NotAcceptable.before(name, since);
    }
  }

  text(name: string): string | undefined {
    const values = this.values.get(name);
    if (values && values.length > 1) throw new BadRequest(`Invalid ${name}: it is given more than once.`);
    return values?.[0];
  }

  boolean(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = booleanOf(text);
    if (value !== undefined) return value;
    throw new BadRequest(`Invalid ${name}: '${text}' is not a boolean; expected one of ${BOOLEAN_WORDS}.`);
  }

  integer(name: string): number | undefined {
    const text = this.text(name)?.trim();
    if (text === undefined) return undefined;
    if (/^[+-]?\d+$/.test(text)) return Number(text);
    throw new BadRequest(`Expected an integer for ${name}: ${text}`);
  }

  /** `maximum` is both the default and the upper bound. */
  limit(maximum: number): number {
    const limit = this.integer('limit') ?? maximum;
    if (limit <= 0) throw new BadRequest('Limit must be positive');
    return Math.min(limit, maximum);
  }

  uuid(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const uuid = uuidOf(text);
    if (uuid) return uuid;
    throw new BadRequest(`Expected a UUID for ${name}: ${text}`);
  }

  /** A comma list, also from repeated parameters; lower-cased, trimmed and without duplicates. */
  list(name: string): string[] | undefined {
    const items = this.values.get(name)?.flatMap((value) => value.split(','));
    return (
      items && [...new Set(items.map((item) => item.trim().toLowerCase()).filter((item) => item !== ''))]
    );
  }
}

function entry(table: ParameterTable, name: string): Since | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
