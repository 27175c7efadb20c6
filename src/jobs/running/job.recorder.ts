import { type Attachment, POWER_STATES, type PowerState } from '@ferrule/driver-kit';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Coalescer } from '../../database/coalescer.js';
import { Database } from '../../database/database.js';
import { endedBy } from '../../database/reads/ended-by.js';
import { linesText } from '../../database/progress-lines.js';
import { retry } from '../../waiting/retry.js';
import { isTransient } from '../../database/faults/is-transient.js';
import { type EndingRow, finish } from '../../database/transitions/finish.js';
import { giveBack } from '../../database/transitions/give-back.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { type LoggedLine } from '../../logging/logged-line.js';
import { reasonOf } from '../../logging/reason-of.js';
import { JobWatch } from '../following/job-watch.js';
import { type JobError, jobLine, operationError } from '../record/job.js';
import { type EndState } from '../../database/job-state.js';
import { type AdoptedJob } from './job.adopter.js';
import { ProgressWriter, type TakenProgress } from './progress.writer.js';

/** Largest size of the endings in one statement, in characters and bytes; a larger ending is written alone. */
const BATCH_SIZE = 4_000_000;
/** Attempts for a larger ending while the database answers other statements. */
const LARGE_ATTEMPTS = 3;

export type Ending =
  | { readonly state: 'succeeded'; readonly json: string; readonly attachment: Attachment | null }
  | {
      readonly state: Exclude<EndState, 'succeeded'>;
      readonly error: JobError;
      /** Undefined leaves the node's `last_error` unchanged. */
      readonly lastError?: string;
    };

interface Ended {
  readonly job: AdoptedJob;
  readonly ending: Ending;
  readonly progress: TakenProgress | undefined;
}

@Injectable()
export class JobRecorder {
  private readonly logger = new Logger(JobRecorder.name);
  private unrecorded = 0;
  private readonly endings = new Coalescer<Ended, boolean>({
    work: (ended) => this.finishAll(ended),
    keyOf: ({ job }) => job.node?.id ?? job.id,
    weightOf: sizeOf,
    maxWeight: BATCH_SIZE,
    aloneAfter: (error) => !isTransient(error),
  });

  constructor(
    private readonly database: Database,
    private readonly progress: ProgressWriter,
    private readonly lifecycle: Lifecycle,
    private readonly watch: JobWatch,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    lifecycle.awaits(() => (this.unrecorded > 0 ? `${this.unrecorded} results to be recorded` : undefined));
  }

  /**
   * Only this process knows what the method did, so it retries while the database does not answer. An outcome that
   * PostgreSQL rejects is replaced by one that it can store.
   * @returns false if another process had recorded an end before.
   * @throws the last error at the deadline of the shutdown, or when PostgreSQL rejects also the substitute and the life
   * of the job is over.
   */
  async record(job: AdoptedJob, ending: Ending): Promise<boolean> {
    const progress = this.progress.take(job.id, ending.state === 'succeeded');
    this.unrecorded++;
    try {
      try {
        return await this.store({ job, ending, progress }, isTransient);
      } catch (error) {
        if (isTransient(error)) throw error;
        this.logger.error(jobLine(`The end of job ${job.id} cannot be stored: ${String(error)}`, job));
        const substitute = { job, ending: unstorable(job), progress: undefined };
        return await this.store(substitute, (reason) => isTransient(reason) || !job.life.isOver);
      }
    } finally {
      this.unrecorded--;
    }
  }

  /** Retries as `record` does; attempts that the database executes late change nothing once one had an effect. */
  async giveBack(job: AdoptedJob): Promise<void> {
    this.unrecorded++;
    try {
      await this.retry(
        () => giveBack(this.database.hot, job),
        isTransient,
        (reason) => jobLine(`Job ${job.id} could not be returned to the queue yet: ${reason}`, job),
      );
      this.watch.changed();
    } finally {
      this.unrecorded--;
    }
  }

  private async store(ended: Ended, isWorthwhile: (error: unknown) => boolean): Promise<boolean> {
    const { job } = ended;
    let attempts = 0;
    let answered = 0;
    const isRecorded = await this.retry(
      async () => {
        attempts++;
        try {
          const isRecorded = await this.endings.run(ended);
          // An earlier attempt whose answer was lost may have recorded it.
          if (isRecorded || attempts === 1) return isRecorded;
          return await endedBy(this.database.hot, rowOf(ended));
        } catch (error) {
          if (!isTransient(error) || !isLarge(ended) || !(await this.doesDatabaseAnswer())) throw error;
          if (++answered < LARGE_ATTEMPTS) throw error;
          throw new RangeError(`It is too large to be written in time (${sizeOf(ended)} bytes).`, {
            cause: error,
          });
        }
      },
      isWorthwhile,
      (reason) => jobLine(`The end of job ${job.id} could not be recorded yet: ${reason}`, job),
    );
    if (isRecorded) return true;
    const line = `Job ${job.id} was ended or adopted by another process before its end could be recorded.`;
    this.logger.warn(jobLine(line, job));
    return false;
  }

  private retry<T>(
    attempt: () => Promise<T>,
    isWorthwhile: (error: unknown) => boolean,
    complaint: (reason: string) => LoggedLine,
  ): Promise<T> {
    return retry(attempt, {
      patience: Infinity,
      stop: this.lifecycle.closingEnds,
      isWorthwhile,
      onFailure: (error) => this.logger.warn(complaint(reasonOf(error))),
    });
  }

  private async finishAll(ended: readonly Ended[]): Promise<boolean[]> {
    // The other pool gives a statement more time.
    const statements = ended.some(isLarge) ? this.database : this.database.hot;
    const recorded = await finish(statements, ended.map(rowOf), ended.flatMap(attachmentOf), this.config);
    this.watch.changed();
    return recorded;
  }

  private doesDatabaseAnswer(): Promise<boolean> {
    return this.database.ping().then(
      () => true,
      () => false,
    );
  }
}

function sizeOf({ ending, progress }: Ended): number {
  const lines = progress?.size ?? 0;
  if (ending.state !== 'succeeded') return lines + ending.error.message.length;
  return lines + ending.json.length + (ending.attachment?.bytes.byteLength ?? 0);
}

function isLarge(ended: Ended): boolean {
  return sizeOf(ended) > BATCH_SIZE;
}

function rowOf({ job, ending, progress }: Ended): EndingRow {
  const lines = progress?.lines ?? [];
  const own = {
    id: job.id,
    adoption: job.adoption,
    progress: progress?.text ?? null,
    ...(lines.length > 0 && { lines: linesText(lines) }),
  };
  if (ending.state === 'succeeded') {
    return {
      ...own,
      state: 'succeeded',
      result: ending.json,
      error: null,
      error_code: null,
      node_error: 'clear',
      last_error: null,
      power_state: job.operation.kind === 'power' ? powerStateIn(ending.json) : undefined,
    };
  }
  const { state, error, lastError } = ending;
  return {
    ...own,
    state,
    result: null,
    error: JSON.stringify(error),
    error_code: error.code,
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

/** @param json the result of the operation. */
function powerStateIn(json: string): PowerState | undefined {
  return POWER_STATES.find((state) => JSON.stringify(state) === json);
}

/** Recorded if PostgreSQL rejects the real outcome (for example a huge result), so that the job ends. */
function unstorable({ operation, args }: AdoptedJob): Ending {
  const message = 'The method ended, but its result could not be stored.';
  return {
    state: 'outcome-unknown',
    error: { code: 'ResultNotStored', message },
    lastError: operationError(operation, args, message),
  };
}
