import { FerruleError } from '@ferrule/driver-kit';
import { type AuditDetails, type AuditEvent, type AuditSubject } from './audit-record.js';

/** Recorded in the background; ends of jobs and the deletion of records are recorded by the statements that do them. */
export type Recorded = Extract<AuditEvent, 'end' | 'call' | 'denied'>;

interface Recorder {
  add(event: Recorded, subject: AuditSubject, details: AuditDetails): void;
}

/** The outcome of one change or call, which is recorded once. */
export class Recording {
  private isDone = false;

  /** @param further details, which do not depend on the outcome. */
  constructor(
    private readonly recorder: Recorder,
    private readonly event: 'end' | 'call',
    private readonly subject: AuditSubject,
    private readonly further: AuditDetails = {},
  ) {}

  succeeded(details: AuditDetails = {}): void {
    this.record({ status: 200, ...details });
  }

  /** @param isProblem whether the answer is a problem document. */
  failed(error: unknown, isProblem = false): void {
    const known = FerruleError.is(error) ? error : undefined;
    const status = isProblem ? known?.problemStatus : known?.status;
    this.record({ status: status ?? 500, error: known?.code ?? 'InternalError' });
  }

  record(details: AuditDetails): void {
    if (this.isDone) return;
    this.isDone = true;
    this.recorder.add(this.event, this.subject, { ...this.further, ...details });
  }
}
