/** A JSON value. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** What came of a merge. */
export interface Merge {
  readonly value: Json | undefined;
  /** Members that the new template changes, by their path: `scripts.test`. */
  readonly changed: readonly string[];
  /** Members that the template changes, but that the author has changed, too; they stay. */
  readonly kept: readonly string[];
}

/**
 * Carries the changes of a template over to what an author has made of it, for each member of the objects.
 * @param before what the earlier template wrote; @param mine what there is; @param after what the template writes now
 */
export function merged(
  before: Json | undefined,
  mine: Json | undefined,
  after: Json | undefined,
  path = '',
): Merge {
  if (isSame(mine, after) || isSame(before, after)) return { value: mine, changed: [], kept: [] };
  if (isRecord(mine) && isRecord(after)) {
    const old = isRecord(before) ? before : {};
    const keys = [...new Set([...Object.keys(mine), ...Object.keys(after)])];
    const members = keys.map(
      (key) => [key, merged(old[key], mine[key], after[key], path === '' ? key : `${path}.${key}`)] as const,
    );
    const entries = members.flatMap(([key, { value }]) =>
      value === undefined ? [] : [[key, value] as const],
    );
    return {
      value: Object.fromEntries(entries),
      changed: members.flatMap(([, { changed }]) => changed),
      kept: members.flatMap(([, { kept }]) => kept),
    };
  }
  return isSame(before, mine)
    ? { value: after, changed: [path], kept: [] }
    : { value: mine, changed: [], kept: [path] };
}

export function isRecord(value: unknown): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(one: Json | undefined, two: Json | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(two);
}
