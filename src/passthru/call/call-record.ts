import { type AuditLog } from '../../audit/audit-log.js';
import { type AuditDetails, type AuditSubject } from '../../audit/audit-record.js';
import { Recording } from '../../audit/recording.js';
import { ClientGone } from '../client-gone.js';

type Audit = Pick<AuditLog, 'assertWritable' | 'begin' | 'add'>;

/**
 * What the audit gets of a call: of a change its beginning, and then one outcome; of a call that only reads its outcome.
 * Before {@link read} or {@link change} it records nothing.
 */
export class CallRecord {
  private recording: Recording | undefined;
  private beginning: Promise<void> = Promise.resolve();

  /** @param wantsProblem whether errors are answered with problem documents. */
  constructor(private readonly wantsProblem: boolean) {}

  /** It is recorded once it has ended. @throws AuditUnavailable */
  read(audit: Audit, subject: AuditSubject, details: AuditDetails): void {
    audit.assertWritable();
    this.recording = new Recording(audit, 'call', subject, details);
  }

  /** Begins to record a change. */
  change(audit: Audit, subject: AuditSubject, details: AuditDetails): void {
    this.beginning = audit.begin(subject, details);
    this.recording = new Recording(audit, 'end', subject);
    // Whoever awaits `begun` gets the error.
    this.beginning.catch(() => {});
  }

  /** Nothing may be changed before it resolves. It rejects with AuditUnavailable; then no outcome is recorded. */
  get begun(): Promise<void> {
    return this.beginning;
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
    this.end((recording) => recording.succeeded(details));
  }

  /** Without a status if the client is gone, since none is sent. */
  failed(error: unknown): void {
    this.end((recording) => {
      if (error instanceof ClientGone) recording.record({ error: error.code });
      else recording.failed(error, this.wantsProblem);
    });
  }

  private end(write: (recording: Recording) => void): void {
    const { recording } = this;
    if (!recording) return;
    void this.beginning.then(
      () => write(recording),
      () => {},
    );
  }
}
