/** Scheme and the rest of a header `Authorization`. */
export function schemeOf(authorization: string): [scheme: string, rest: string] {
  const [, scheme = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(authorization) ?? [];
  return [scheme.toLowerCase(), rest];
}
