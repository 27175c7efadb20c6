import { type Progress } from '@ferrule/driver-kit';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';
import { beginningOf } from '../../secrets/long-text.js';
import { type Redact } from '../../secrets/redact.js';
import { type StoredProgress } from '../job.js';
import { JobRepository, type ProgressRow } from '../job.repository.js';
import { type AdoptedJob } from './job.adopter.js';

const INTERVAL = 500;
const COMPLAINT_INTERVAL = 5_000;
/** In characters; masking a long text would block the service. */
const MESSAGE_LENGTH = 4_096;

interface Report {
  readonly adoption: number;
  readonly progress: StoredProgress;
  readonly redact: Redact;
}

/** Twice a second, in one statement for all jobs of this process. */
@Injectable()
export class ProgressWriter {
  private readonly logger = new Logger(ProgressWriter.name);
  private readonly warn = throttled((message) => this.logger.warn(message), COMPLAINT_INTERVAL);
  private readonly last = new Map<string, Report>();
  private unwritten = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private isWriting = false;

  constructor(@Inject(JobRepository) private readonly jobs: Pick<JobRepository, 'storeProgress'>) {}

  /** Reads the report at once: a driver may change it later, and its getters may throw, which is then the driver's error. */
  report({ id, adoption }: Pick<AdoptedJob, 'id' | 'adoption'>, progress: Progress, redact: Redact): void {
    this.last.set(id, { adoption, progress: storable(progress), redact });
    this.unwritten.add(id);
    this.schedule();
  }

  /** @param isDone a job that succeeded is at 100 percent, if it has reported any. */
  take(id: string, isDone = false): string | null {
    const row = this.rowOf(id, isDone);
    this.last.delete(id);
    this.unwritten.delete(id);
    return row?.progress ?? null;
  }

  private rowOf(id: string, isDone = false): ProgressRow | undefined {
    const report = this.last.get(id);
    if (!report) return undefined;
    const { percent, message } = report.progress;
    const shown = {
      percent: isDone && percent !== null ? 100 : percent,
      message: message === null ? null : report.redact(message),
    };
    return { id, adoption: report.adoption, progress: JSON.stringify(shown) };
  }

  private schedule(): void {
    if (this.timer || this.isWriting || this.unwritten.size === 0) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.write();
    }, INTERVAL);
    this.timer.unref();
  }

  private async write(): Promise<void> {
    const ids = [...this.unwritten];
    this.unwritten = new Set();
    if (ids.length === 0) return;
    this.isWriting = true;
    try {
      await this.jobs.storeProgress(ids.flatMap((id) => this.rowOf(id) ?? []));
    } catch (error) {
      for (const id of ids) if (this.last.has(id)) this.unwritten.add(id);
      this.warn(`The progress of ${ids.length} jobs could not be stored yet: ${reasonOf(error)}`);
    } finally {
      this.isWriting = false;
      this.schedule();
    }
  }
}

/** Drivers in plain JavaScript may report anything. */
function storable(report: unknown): StoredProgress {
  if (typeof report !== 'object' || report === null) return { percent: null, message: null };
  const percent = 'percent' in report ? report.percent : null;
  const message = 'message' in report ? report.message : null;
  return {
    percent: typeof percent === 'number' && Number.isFinite(percent) ? percent : null,
    message: typeof message === 'string' ? beginningOf(message, MESSAGE_LENGTH).toWellFormed() : null,
  };
}
