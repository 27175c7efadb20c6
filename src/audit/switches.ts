/** The action of the records that say that a process runs without the audit, and that one runs with it again. */
export const SWITCH = 'ferrule:audit:switch';

/** RFC 3339; undefined: still. */
export interface Gap {
  readonly since: string;
  readonly until: string | undefined;
}

/** Spans of time of which the audit may lack records, since a process ran without it. */
export class Gaps {
  private readonly closed: Gap[] = [];
  private since: string | undefined;

  /** Each record, oldest first. */
  see({ at, record }: { readonly at: string; readonly record: string }): void {
    if (!record.includes(SWITCH)) return;
    const { event, action, missing_since: missing } = JSON.parse(record) as Record<string, unknown>;
    if (action !== SWITCH) return;
    if (event === 'off') this.since ??= at;
    if (event !== 'on') return;
    this.closed.push({ since: this.since ?? String(missing), until: at });
    this.since = undefined;
  }

  get all(): readonly Gap[] {
    return this.since === undefined ? this.closed : [...this.closed, { since: this.since, until: undefined }];
  }
}
