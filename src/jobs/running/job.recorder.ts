import { setTimeout as delay } from 'node:timers/promises';
import { type Attachment } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { Coalescer } from '../../database/coalescer.js';
import { Database } from '../../database/database.js';
import { isTransient } from '../../database/is-transient.js';
import { type EndingRow, finish } from '../../database/transitions/finish.js';
import { giveBack } from '../../database/transitions/give-back.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { type EndState, type JobError } from '../job.js';
import { type AdoptedJob } from './job.adopter.js';
import { ProgressWriter } from './progress.writer.js';

/** Milliseconds between two attempts to record an outcome while the database is away. */
const INTERVAL = 1_000;

export type Ending =
  | { readonly state: 'succeeded'; readonly json: string; readonly attachment: Attachment | null }
  | {
      readonly state: Exclude<EndState, 'succeeded'> | 'refused';
      readonly error: JobError;
      /** New `last_error` of the node; undefined leaves it unchanged. */
      readonly lastError?: string;
    };

interface Ended {
  readonly job: AdoptedJob;
  readonly ending: Ending;
  readonly progress: string | null;
}

/** Records the outcomes of this process's jobs; concurrent ones share one round trip. */
@Injectable()
export class JobRecorder {
  private readonly logger = new Logger(JobRecorder.name);
  private unrecorded = 0;
  private readonly endings = new Coalescer<Ended, boolean>({
    work: (ended) => this.finishAll(ended),
    keyOf: ({ job }) => job.node?.id ?? job.id,
    aloneAfter: (error) => !isTransient(error),
  });

  constructor(
    private readonly database: Database,
    private readonly progress: ProgressWriter,
    private readonly lifecycle: Lifecycle,
  ) {
    lifecycle.awaits(() => (this.unrecorded > 0 ? `${this.unrecorded} results to be recorded` : undefined));
  }

  /**
   * Records an outcome. Only this process knows what the method did, so it retries while the database is away,
   * until the deadline of the shutdown.
   */
  async record(job: AdoptedJob, ending: Ending): Promise<void> {
    this.unrecorded++;
    try {
      await this.store(job, ending);
    } finally {
      this.unrecorded--;
    }
  }

  async giveBack(job: AdoptedJob): Promise<boolean> {
    return (await giveBack(this.database.hot, [job.id], job.life.id)).length === 1;
  }

  private async store(job: AdoptedJob, ending: Ending): Promise<void> {
    const progress = this.progress.take(job.id);
    for (let isRepeat = false; ; isRepeat = true) {
      try {
        const isRecorded = await this.endings.run({ job, ending, progress });
        // An earlier attempt whose answer was lost may have recorded it.
        if (!isRecorded && !isRepeat)
          this.logger.warn(
            `Job ${job.id} was assigned to another conductor or ended before its outcome could be recorded.`,
          );
        return;
      } catch (error) {
        if (!isTransient(error)) {
          this.logger.error(`The outcome of job ${job.id} cannot be stored: ${String(error)}`);
          await this.endings.run({ job, ending: unstorable(ending), progress: null });
          return;
        }
        if (this.lifecycle.closingEnds.aborted) throw error;
        this.logger.warn(`The outcome of job ${job.id} could not be recorded yet: ${String(error)}`);
        await delay(INTERVAL, undefined, { signal: this.lifecycle.closingEnds }).catch(() => {});
      }
    }
  }

  private finishAll(ended: readonly Ended[]): Promise<boolean[]> {
    return finish(this.database.hot, ended.map(rowOf), ended.flatMap(attachmentOf));
  }
}

function rowOf({ job, ending, progress }: Ended): EndingRow {
  const own = { id: job.id, conductor_id: job.life.id, progress };
  if (ending.state === 'succeeded') {
    return {
      ...own,
      state: 'succeeded',
      result: ending.json,
      error: null,
      node_error: 'clear',
      last_error: null,
    };
  }
  const { state, error, lastError } = ending;
  return {
    ...own,
    state,
    result: null,
    error: JSON.stringify(error),
    node_error: lastError === undefined ? 'leave' : 'note',
    last_error: lastError ?? null,
  };
}

function attachmentOf({ job, ending }: Ended) {
  if (ending.state !== 'succeeded' || !ending.attachment) return [];
  const { contentType, filename, bytes } = ending.attachment;
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [{ job_id: job.id, content_type: contentType, filename: filename ?? null, body }];
}

/** The outcome to record if PostgreSQL rejects the real one (for example a huge result), so that the job ends. */
function unstorable(ending: Ending): Ending {
  const error = { code: 'ResultNotStored', message: 'The method ended, but its result could not be stored.' };
  const lastError = ending.state === 'succeeded' ? undefined : ending.lastError;
  return { state: 'outcome-unknown', error, ...(lastError !== undefined && { lastError }) };
}
