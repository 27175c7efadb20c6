/** One request. */
export interface Call {
  /** Verb and path. */
  readonly call: string;
  /** N of the 1.N that is asked for, or the header's text; 109 by default, `''` sends none. */
  readonly version?: number | string;
  readonly json?: unknown;
  /** A body as it stands, without a Content-Type. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One line of the table: what is asked, and what has to come. */
export interface Row extends Call {
  /** What it shows. */
  readonly name: string;
  /** Where the wire contract says so. */
  readonly section: string;
  /**
   * The nodes that there are: `node-1`, `node-2` … with the UUIDs of `uuid()`, of fake-hardware with the
   * vendor interface fake-options unless an entry says otherwise. One by default.
   */
  readonly nodes?: readonly Readonly<Record<string, unknown>>[];
  /** What no request can bring about, written into node-1's row. */
  readonly stored?: Readonly<Record<string, unknown>>;
  /** Another conductor holds node-1. */
  readonly isLocked?: true;
  /** Requests that go before, and succeed. */
  readonly before?: readonly Call[];
  readonly status: number;
  /** For `toEqual`; `EMPTY` for no body and no Content-Type. */
  readonly body?: unknown;
  /** What the fault's text has to say. */
  readonly says?: RegExp;
  /** Headers by lower-case name; null for one that must not be there. */
  readonly answers?: Readonly<Record<string, string | RegExp | null>>;
  /** A look afterwards, at 1.109. */
  readonly after?: { readonly path: string; readonly body: unknown };
}

/** No body, and so no Content-Type: clients try to parse what has one. */
export const EMPTY = Symbol('empty');

/** The UUID of node-N of a row. */
export function uuid(n: number): string {
  return `00000000-0000-4000-8000-00000000000${n}`;
}

/** Of no node. */
export const NOBODY = '00000000-0000-4000-8000-0000000000ff';

/** The two links of a resource, whatever the host. */
export function links(path: string): readonly object[] {
  const href = (prefix: string): unknown =>
    expect.stringMatching(new RegExp(`^http://127\\.0\\.0\\.1:\\d+${prefix}/${path}$`));
  return [
    { href: href('/v1'), rel: 'self' },
    { href: href(''), rel: 'bookmark' },
  ];
}

/** An object that has these members and others. */
export function having(members: Record<string, unknown>): unknown {
  return expect.objectContaining(members);
}

/** An object that has none of these members. */
export function lacking(...names: string[]): unknown {
  return expect.not.objectContaining(Object.fromEntries(names.map((name) => [name, expect.anything()])));
}
