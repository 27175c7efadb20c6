import { Inject, Injectable, Logger } from '@nestjs/common';
import { Conductor } from '../conductors/conductor.js';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { breakLock, type BrokenLock } from '../database/transitions/break-lock.js';
import { JobMetrics } from '../metrics/job.metrics.js';
import { LostLocks } from '../reservations/lost-locks.js';
import { JobWatch } from '../jobs/following/job-watch.js';
import { jobLine, LAST_ERROR } from '../jobs/record/job.js';
import { RunningJobs } from '../jobs/running/running-jobs.js';

/** Breaks locks of nodes, and ends the jobs that hold them. */
@Injectable()
export class LockBreaker {
  private readonly logger = new Logger(LockBreaker.name);

  constructor(
    private readonly database: Database,
    private readonly conductor: Conductor,
    private readonly running: RunningJobs,
    private readonly locks: LostLocks,
    private readonly watch: JobWatch,
    private readonly metrics: JobMetrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @param by name of the caller. @param fence see `Breaking`.
   * @returns undefined if the node is not locked, or by another lock.
   */
  async break(
    node: { readonly id: string; readonly uuid: string },
    by: string | null,
    fence: string | undefined,
  ): Promise<BrokenLock | undefined> {
    const name = by ?? 'an anonymous caller';
    const { latestDatabaseTime } = this.conductor;
    const messages = {
      cancelled: `The lock of the job was broken by ${name} before its method was called.`,
      unknown: `The lock of the job was broken by ${name} while its method ran; the effect of the method is unknown.`,
      lastError: LAST_ERROR,
    };
    const broken = await breakLock(
      this.database.hot,
      { nodeId: node.id, fence, by, latestDatabaseTime, ...messages },
      this.config,
    );
    if (!broken) return undefined;
    this.locks.broken(broken.token, by);
    const { jobId, jobState } = broken;
    if (jobId === null || jobState === null) return broken;
    this.logger.warn(
      jobLine(`Job ${jobId} ${jobState}: its lock was broken by ${name}.`, {
        id: jobId,
        nodeUuid: node.uuid,
      }),
    );
    this.running.endedElsewhere(jobId);
    this.watch.changed();
    this.metrics.ended(jobState);
    return broken;
  }
}
