import { type AuditLog } from '../../audit/audit-log.js';
import { type AuditDetails, type AuditSubject } from '../../audit/audit-record.js';
import { Recording } from '../../audit/recording.js';
import { AuditUnavailable } from '../../database/faults/errors.js';
import { type AuditRow } from '../../database/transitions/audited.js';
import { ClientGone } from '../../http/client-gone.js';
import { type Maskable } from '../../secrets/maskable.js';

type Audit = Pick<AuditLog, 'assertWritable' | 'beginning' | 'add'>;

/**
 * What the audit gets of a call: one record with its outcome; if it began to change something, one of its beginning and
 * one of its outcome. Before {@link open} it records nothing.
 */
export class CallRecord {
  private opened: [Audit, AuditSubject, AuditDetails] | undefined;
  private recording: Recording | undefined;

  /** @param wantsProblem whether errors are answered with problem documents. */
  constructor(private readonly wantsProblem: boolean) {}

  /** @throws AuditUnavailable */
  open(audit: Audit, subject: AuditSubject, details: AuditDetails): void {
    audit.assertWritable();
    this.opened = [audit, subject, details];
    this.recording = new Recording(audit, 'call', subject, details);
  }

  /** To be written before anything is changed, with the lock or the job of the call. */
  get beginning(): AuditRow | undefined {
    if (!this.opened) return undefined;
    const [audit, subject, details] = this.opened;
    return audit.beginning(subject, details);
  }

  /** Of the call. */
  get arguments(): Maskable | undefined {
    return this.opened?.[2].arguments;
  }

  /** The beginning was written. */
  begun(): void {
    if (!this.opened) return;
    const [audit, subject] = this.opened;
    this.recording = new Recording(audit, 'end', subject);
  }

  /** Does what comes before the method, or instead of it; what this throws is the outcome of the call. */
  async before<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  succeeded(details: AuditDetails = {}): void {
    this.recording?.succeeded(details);
  }

  /** Without a status if the client is gone, since none is sent. What the audit could not begin has no record. */
  failed(error: unknown): void {
    if (error instanceof AuditUnavailable) return;
    if (error instanceof ClientGone) this.recording?.record({ error: error.code });
    else this.recording?.failed(error, this.wantsProblem);
  }
}
