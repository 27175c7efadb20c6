import { type Request } from 'express';
import { BadRequest } from '../errors.js';
import { searchOf } from '../request.js';

/** Parameters by name, in the order of the URL. Brackets are part of a name. */
export type Query = ReadonlyMap<string, readonly string[]>;

const EMPTY: Query = new Map();

export function queryOf(request: Request): Query {
  const search = searchOf(request.url);
  return search === '' ? EMPTY : readQuery(search);
}

export function readQuery(search: string): Query {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (name.includes('\0')) throw new BadRequest('The name of a parameter has a NUL character.');
    if (value.includes('\0')) throw new BadRequest(`Invalid ${name}: it has a NUL character.`);
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  return values;
}
