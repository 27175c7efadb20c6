import { Inject, Injectable, Logger } from '@nestjs/common';
import { type RawBuilder, type SqlBool } from 'kysely';
import { AuditLog } from '../audit/audit-log.js';
import { type RequestIdentity } from '../auth/request-identity.js';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { cancel, type Cancellation } from '../database/transitions/cancel.js';
import { JobMetrics } from '../metrics/job.metrics.js';
import { CANCELLED_BEFORE, type CalledJob, JobEnded, jobLine, JobNotFound, jobText } from './record/job.js';
import { JobWatch } from './following/job-watch.js';
import { CANCEL, JobAccess, targetOf } from './record/job-access.js';
import { JobRepository } from './record/job.repository.js';
import { hasEnded } from '../database/job-state.js';
import { RunningJobs } from './running/running-jobs.js';

/** By what came of it; 202: the method is still to end. */
const STATUS = { cancelled: 200, 'was-cancelled': 200, asked: 202 } as const;
type CancelOutcome = keyof typeof STATUS;

/** Cancels jobs for clients: queued ones at once, running ones by asking the process that runs them. */
@Injectable()
export class JobCancellation {
  private readonly logger = new Logger(JobCancellation.name);

  constructor(
    private readonly database: Database,
    private readonly repository: JobRepository,
    private readonly access: JobAccess,
    private readonly running: RunningJobs,
    private readonly watch: JobWatch,
    private readonly audit: AuditLog,
    private readonly metrics: JobMetrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @param visible SQL: whether the caller may see the job.
   * @returns the HTTP status: 200 if the job is cancelled, also if it was before, 202 if its conductor was asked to stop it.
   * @throws JobNotFound (404), Forbidden (403), JobEnded (409), AuditUnavailable (503)
   */
  async cancel(
    id: string,
    visible: RawBuilder<SqlBool> | undefined,
    identity: RequestIdentity,
  ): Promise<(typeof STATUS)[CancelOutcome]> {
    const job = await this.repository.findCalled(id, visible);
    if (!job) throw new JobNotFound(id);
    const decision = this.access.assertCancel(identity.caller, job);
    if (job.state === 'cancelled') return 200;
    if (hasEnded(job.state)) throw new JobEnded(id, job.state);
    return this.audit.change(
      { ...identity, ...targetOf(job), action: CANCEL },
      { rule: decision.rule },
      (status) => status,
      async () => {
        const outcome = await this.write(id, identity);
        if (outcome !== 'was-cancelled') this.tell(outcome, job, identity);
        return STATUS[outcome];
      },
    );
  }

  /**
   * Cancels a job of a fleet call, whoever may; nothing if it has ended or is not there.
   * @param by name of the caller that cancelled the fleet call.
   */
  async cancelOfFleetCall(
    job: CalledJob,
    { requestId, by }: { readonly requestId: string; readonly by: string | null },
  ): Promise<void> {
    const { message } = CANCELLED_BEFORE.error;
    const { outcome } = await cancel(this.database.hot, { id: job.id, by, message }, this.config);
    if (outcome === 'cancelled' || outcome === 'asked') {
      this.tell(outcome, job, { requestId, caller: { name: by } });
    }
  }

  private async write(id: string, { caller }: RequestIdentity): Promise<CancelOutcome> {
    const { message } = CANCELLED_BEFORE.error;
    const cancellation: Cancellation = await cancel(
      this.database.hot,
      { id, by: caller.name, message },
      this.config,
    );
    if (cancellation.outcome === 'gone') throw new JobNotFound(id);
    if (cancellation.outcome !== 'ended') return cancellation.outcome;
    if (cancellation.state === 'cancelled') return 'was-cancelled';
    throw new JobEnded(id, cancellation.state);
  }

  private tell(
    outcome: Exclude<CancelOutcome, 'was-cancelled'>,
    job: CalledJob,
    {
      requestId,
      caller,
    }: Pick<RequestIdentity, 'requestId'> & { readonly caller: Pick<RequestIdentity['caller'], 'name'> },
  ): void {
    const { id } = job;
    this.watch.changed();
    const subject = { ...job, requestId, caller };
    if (outcome === 'asked') {
      this.logger.log(jobLine(`Job ${id} is to be cancelled: ${jobText(subject)}.`, subject));
      this.running.cancel(id);
    } else {
      this.logger.log(jobLine(`Job ${id} cancelled before it began: ${jobText(subject)}.`, subject));
      this.metrics.ended('cancelled');
    }
  }
}
