import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Coalescer } from '../database/coalescer.js';
import { sqlStateOf } from '../database/faults/error-code.js';
import { isTransient } from '../database/faults/is-transient.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { reasonOf } from '../logging/reason-of.js';
import { throttled } from '../logging/throttled.js';
import { AuditMetrics } from '../metrics/audit.metrics.js';
import { Periodic } from '../waiting/periodic.js';
import { type AuditRow } from '../database/transitions/audited.js';
import { type AuditDetails, type AuditSubject, newRecord } from './audit-record.js';
import { AuditRepository } from './audit.repository.js';
import { Backlog } from './backlog.js';
import { type Recorded, Recording } from './recording.js';
import { DenialLimit } from './denial-limit.js';
import { AuditUnavailable } from '../database/faults/errors.js';

const RETENTION_INTERVAL = 60_000;
/** Of the limit of denials. */
const DENIAL_PERIOD = 60_000;
/** Records that one statement deletes. */
const FORGOTTEN = 5_000;

/** Classes of errors that last, but are about the database: a missing function or right, damage. */
const OF_DATABASE = /^(42|XX)/;

/** Whether PostgreSQL refuses one of the records, whatever is tried. */
export function isAboutRecord(error: unknown): boolean {
  return !isTransient(error) && !OF_DATABASE.test(sqlStateOf(error) ?? '');
}

/** What was done: a record before each change, and one for each outcome, read and denial. */
@Injectable()
export class AuditLog implements OnApplicationShutdown {
  private readonly logger = new Logger(AuditLog.name);
  private readonly warn = throttled((message) => this.logger.warn(message));
  private readonly isOn: boolean;
  private readonly changes: Coalescer<AuditRow, undefined>;
  private readonly backlog: Backlog<AuditRow>;
  private readonly denials = new DenialLimit();
  readonly retention: Periodic;
  /** Ends the periods of the limit of denials. */
  readonly denialPeriods: Periodic;

  constructor(
    private readonly repository: AuditRepository,
    private readonly lifecycle: Lifecycle,
    @Inject(CONFIG) private readonly config: Config,
    private readonly metrics: AuditMetrics,
  ) {
    this.isOn = config.audit;
    this.changes = new Coalescer<AuditRow, undefined>({
      work: async (records) => {
        await repository.append(records);
        return records.map(() => undefined);
      },
      // The second would only wait for the first, which has locked the end of the chain.
      maxRunning: 1,
      aloneAfter: isAboutRecord,
    });
    this.backlog = new Backlog((records) => repository.appendSoon(records), {
      isRefused: isAboutRecord,
      onFailure: (error) => {
        metrics.failed();
        this.warn(`The audit could not be written: ${reasonOf(error)}`);
      },
      onLost: ({ text }, error) =>
        this.logger.error(
          `A record of the audit is lost, since PostgreSQL refuses it: ${reasonOf(error)}. ${text}`,
        ),
    });
    metrics.watch(() => this.backlog.size);
    this.retention = new Periodic(
      () => RETENTION_INTERVAL,
      () => this.forget(),
      (error) => this.warn(`The deletion of old records of the audit failed: ${reasonOf(error)}`),
    );
    this.denialPeriods = new Periodic(
      () => DENIAL_PERIOD,
      () => Promise.resolve(this.endDenials()),
      (error) => this.warn(`Denials are missing in the audit: ${reasonOf(error)}`),
    );
    lifecycle.onServing(() => {
      this.retention.start();
      this.denialPeriods.start();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.retention.stop();
    await this.denialPeriods.stop();
    this.endDenials();
    await this.backlog.close(this.lifecycle.left.closing);
  }

  /** The record of a change that is about to be made; undefined without an audit. */
  beginning(subject: AuditSubject, details: AuditDetails): AuditRow | undefined {
    return this.isOn ? newRecord('begin', subject, details) : undefined;
  }

  /**
   * Records a change that is about to be made, and takes no lock with it.
   * @returns a promise that resolves when the record is on the disk: nothing may be touched before.
   * @throws AuditUnavailable
   */
  async begin(beginning: AuditRow | undefined): Promise<void> {
    if (!beginning) return;
    try {
      this.backlog.assertWritable();
      await this.changes.run(beginning);
    } catch (error) {
      if (error instanceof AuditUnavailable) throw error;
      this.metrics.failed();
      throw new AuditUnavailable(error);
    }
  }

  /**
   * Makes a change between the records of its begin and its outcome.
   * @param outcomeOf the status of the answer if `work` succeeds, or what is recorded of it.
   * @throws AuditUnavailable, and what `work` throws.
   */
  async change<T>(
    subject: AuditSubject,
    details: AuditDetails,
    outcomeOf: number | ((result: T) => number | AuditDetails),
    work: () => Promise<T>,
  ): Promise<T> {
    await this.begin(this.beginning(subject, details));
    const recording = new Recording(this, 'end', subject);
    try {
      const result = await work();
      const outcome = typeof outcomeOf === 'number' ? outcomeOf : outcomeOf(result);
      recording.succeeded(typeof outcome === 'number' ? { status: outcome } : outcome);
      return result;
    } catch (error) {
      recording.failed(error);
      throw error;
    }
  }

  /** @throws AuditUnavailable while what would be recorded in the background cannot be written. */
  assertWritable(): void {
    if (this.isOn) this.backlog.assertWritable();
  }

  /** In the background: soon, with others, and again while the database does not answer. */
  add(event: Recorded, subject: AuditSubject, details: AuditDetails): void {
    if (this.isOn) this.backlog.add(newRecord(event, subject, details));
  }

  /** Of a flood of denials of one caller the first ones are recorded, and the last one with the number of the others. */
  denied(subject: AuditSubject, details: AuditDetails): void {
    if (this.isOn && this.denials.takes(subject, details)) {
      this.add('denied', subject, details);
    }
  }

  private endDenials(): void {
    for (const { subject, details } of this.denials.end()) this.add('denied', subject, details);
  }

  private async forget(): Promise<void> {
    for (let count = FORGOTTEN; count === FORGOTTEN && !this.lifecycle.isDraining;) {
      count = await this.repository.forget(this.config.auditRetention, FORGOTTEN);
    }
  }
}
