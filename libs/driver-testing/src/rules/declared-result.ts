import { isJsonObject } from '@ferrule/driver-kit';
import { type z } from 'zod';

/** Why a result is not what its method declares. */
export async function problemOfResult(result: unknown, returns: z.ZodType): Promise<string | undefined> {
  const { data, error } = await returns.safeParseAsync(result);
  if (error) return error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
  const member = undeclaredMember(result, data);
  return member && `returns has no member ${member}`;
}

/** The path of a member that the schema, which keeps what it knows, has left out. */
function undeclaredMember(value: unknown, known: unknown): string | undefined {
  if (Array.isArray(value) && Array.isArray(known)) {
    return firstOf(value.map((item, index): Member => [String(index), item, known[index]]));
  }
  if (!isJsonObject(value) || !isJsonObject(known)) return undefined;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const [unknown] = members.find(([name]) => !Object.hasOwn(known, name)) ?? [];
  return unknown ?? firstOf(members.map(([name, member]): Member => [name, member, known[name]]));
}

type Member = readonly [name: string, value: unknown, known: unknown];

function firstOf(members: readonly Member[]): string | undefined {
  for (const [name, value, known] of members) {
    const below = undeclaredMember(value, known);
    if (below !== undefined) return `${name}.${below}`;
  }
  return undefined;
}
