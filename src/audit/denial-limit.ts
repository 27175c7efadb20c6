import { type AuditDetails, type AuditSubject } from './audit-record.js';

/** Records of each caller within a period. */
const MOST = 100;
/** More callers than that within a period share one count. */
const CALLERS = 1_000;

interface Denied {
  readonly subject: AuditSubject;
  readonly details: AuditDetails;
}

interface Count {
  taken: number;
  leftOut: number;
  last?: Denied;
}

/** So that refused requests cannot fill the disk: of a flood of denials, the first ones and the last one are recorded. */
export class DenialLimit {
  private counts = new Map<string, Count>();

  /** @returns whether it is to be recorded. */
  takes(subject: AuditSubject, { arguments: _, ...details }: AuditDetails): boolean {
    const count = this.countOf(subject.caller?.id ?? '');
    if (count.taken < MOST) {
      count.taken++;
      return true;
    }
    if (count.last) count.leftOut++;
    count.last = { subject, details };
    return false;
  }

  /** Begins another period. @returns the last denials that were not taken, with the number of those before them. */
  end(): readonly Denied[] {
    const counts = [...this.counts.values()];
    this.counts = new Map();
    return counts.flatMap(({ last, leftOut }) => {
      return last ? [{ subject: last.subject, details: { ...last.details, leftOut } }] : [];
    });
  }

  private countOf(caller: string): Count {
    const key = this.counts.has(caller) || this.counts.size < CALLERS ? caller : '';
    let count = this.counts.get(key);
    if (count === undefined) this.counts.set(key, (count = { taken: 0, leftOut: 0 }));
    return count;
  }
}
