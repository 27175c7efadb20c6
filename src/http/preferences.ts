/** RFC 7240: `name`, `name=value` or `name="value"`, then parameters, which are of no use here. */
const PREFERENCE =
  /^\s*([!#$%&'*+.^`|~\w-]+)\s*(?:=\s*(?:([!#$%&'*+.^`|~\w-]+)|"((?:[^"\\]|\\.)*)")\s*)?(?:;.*)?$/s;

/** At commas outside of quotes. */
const MEMBERS = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/gs;

/**
 * The preferences of a `Prefer` header, with empty values for those without one. Of one that is repeated the first counts;
 * what cannot be read is left out.
 */
export function preferences(written: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [member] of written?.matchAll(MEMBERS) ?? []) {
    const [, name, token, quoted] = PREFERENCE.exec(member) ?? [];
    const key = name?.toLowerCase();
    if (key === undefined || found.has(key)) continue;
    found.set(key, token ?? quoted?.replaceAll(/\\(.)/gs, '$1') ?? '');
  }
  return found;
}
