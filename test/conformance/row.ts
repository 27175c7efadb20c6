export interface Call {
  /** Verb and path. */
  readonly call: string;
  /** Minor version (N of 1.N), or the header's text; 109 by default, `''` sends none. */
  readonly version?: number | string;
  readonly json?: unknown;
  /** A body without a Content-Type. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request and the expected answer. */
export interface Row extends Call {
  readonly name: string;
  /** Section of the wire contract. */
  readonly section: string;
  /**
   * The existing nodes `node-1`, `node-2` … with the UUIDs of `uuid()`; one by default. The driver is
   * fake-hardware with the vendor interface fake-options, unless an entry overrides them.
   */
  readonly nodes?: readonly Readonly<Record<string, unknown>>[];
  /** Column values of node-1 that no request can set. */
  readonly stored?: Readonly<Record<string, unknown>>;
  /** Another conductor holds node-1's lock. */
  readonly isLocked?: true;
  /** Earlier requests, which must succeed. */
  readonly before?: readonly Call[];
  readonly status: number;
  /** For `toEqual`, or `EMPTY`. */
  readonly body?: unknown;
  /** Matches the faultstring. */
  readonly says?: RegExp;
  /** Headers by lower-case name; null for one that must be absent. */
  readonly answers?: Readonly<Record<string, string | RegExp | null>>;
  /** A GET afterwards, at 1.109, and its expected body. */
  readonly after?: { readonly path: string; readonly body: unknown };
}

/** No body and no Content-Type. */
export const EMPTY = Symbol('empty');

/** The UUID of node-N. */
export function uuid(n: number): string {
  return `00000000-0000-4000-8000-00000000000${n}`;
}

/** The UUID of no node. */
export const NOBODY = '00000000-0000-4000-8000-0000000000ff';

/** The two links of a resource, with any port. */
export function links(path: string): readonly object[] {
  const href = (prefix: string): unknown =>
    expect.stringMatching(new RegExp(`^http://127\\.0\\.0\\.1:\\d+${prefix}/${path}$`));
  return [
    { href: href('/v1'), rel: 'self' },
    { href: href(''), rel: 'bookmark' },
  ];
}

export function having(members: Record<string, unknown>): unknown {
  return expect.objectContaining(members);
}

export function lacking(...names: string[]): unknown {
  return expect.not.objectContaining(Object.fromEntries(names.map((name) => [name, expect.anything()])));
}
