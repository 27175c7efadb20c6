export const MOST_LINES = 100;

/** A report of the progress of a job. */
export interface ProgressLine {
  /** Counted in the attempt. */
  readonly number: number;
  /** By `performance.now()` of this process. */
  readonly reportedAt: number;
  readonly percent: number | null;
  /** Without secrets. */
  readonly message: string | null;
}

/** JSON text for `keepLines`, to be sent at once: the times are those of the database's clock. */
export function linesText(lines: readonly ProgressLine[]): string {
  const now = performance.now();
  return JSON.stringify(
    lines.map(({ number, reportedAt, percent, message }) => ({
      number,
      age: now - reportedAt,
      percent,
      message: message?.replaceAll('\0', '\uFFFD') ?? null,
    })),
  );
}

/**
 * SQL: keeps the lines of jobs, whose rows the statement has locked. Lines that are there already are not changed.
 * @param jobs has the columns `id`, `adoption` and `lines`, at most `MOST_LINES` of a job.
 */
export function keepLines(jobs: string): string {
  return `
    insert into job_progress (job_id, attempt, number, at, percent, message)
    select ${jobs}.id, ${jobs}.adoption, line.number, now() - line.age * interval '1 millisecond', line.percent, line.message
    from ${jobs}, json_to_recordset(${jobs}.lines::json) as line (number int, age float8, percent float8, message text)
    on conflict (job_id, attempt, slot) do update
    set number = excluded.number, at = excluded.at, percent = excluded.percent, message = excluded.message
    where job_progress.number < excluded.number`;
}
