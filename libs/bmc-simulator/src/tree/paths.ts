/** An unreachable origin: TEST-NET-1, RFC 5737. */
export const FOREIGN_ORIGIN = 'https://192.0.2.17';

/** A path without query, trailing slashes and URL escapes, for comparisons. */
export function normalisePath(path: string): string {
  const bare = path.split(/[?#]/, 1)[0] ?? '';
  const trimmed = bare.replace(/\/+$/, '');
  try {
    return decodeURIComponent(trimmed);
  } catch {
    return trimmed;
  }
}
