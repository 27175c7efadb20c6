/** A record of the audit that is not in the chain yet. */
export interface AuditRow {
  /** The JSON text that is stored. */
  readonly text: string;
  /** These are members of it, for searches. */
  readonly action: string;
  readonly node: string | null;
  readonly caller: string | null;
}

/** Of the configuration: FERRULE_AUDIT. */
export interface AuditChoice {
  /** Whether the audit gets the ends of jobs. */
  readonly audit: boolean;
}

/**
 * SQL: a part of a statement, which adds records to the audit. It locks the end of the chain until the commit, so it must
 * be executed last, after whatever waits for other locks: `records` must depend on that. The statement must refer to it, or
 * it is not executed.
 *
 * @param records a FROM and WHERE clause; it has the columns `text`, `action`, `node` and `caller`.
 * @param order of the records.
 */
export const audited = (records: string, order: string) => `
    audited as materialized (
      select audit_append(array_agg(text order by ${order}), array_agg(action order by ${order}),
                          array_agg(node order by ${order}), array_agg(caller order by ${order}))
      ${records}
      having count(*) > 0)`;
