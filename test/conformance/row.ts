export interface Call {
  readonly call: string;
  /** Minor version (N of 1.N), or the header's text; 109 by default, `''` sends none. */
  readonly version?: number | string;
  readonly json?: unknown;
  /** A body without a Content-Type. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Row extends Call {
  readonly name: string;
  /** Section of the wire contract. */
  readonly section: string;
  /** The existing nodes, `node-1`, …: by default one, of fake-hardware with fake-options. Entries override that. */
  readonly nodes?: readonly Readonly<Record<string, unknown>>[];
  /** Column values of node-1 that no request can set. */
  readonly stored?: Readonly<Record<string, unknown>>;
  readonly isLocked?: true;
  readonly before?: readonly Call[];
  readonly status: number;
  /** For `toEqual`, or `EMPTY`. */
  readonly body?: unknown;
  readonly says?: RegExp;
  /** Headers by lower-case name; null for one that must be absent. */
  readonly answers?: Readonly<Record<string, string | RegExp | null>>;
  /** A GET at 1.109. */
  readonly after?: { readonly path: string; readonly body: unknown };
}

export const EMPTY = Symbol('empty');

export function uuid(n: number): string {
  return `00000000-0000-4000-8000-00000000000${n}`;
}

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
