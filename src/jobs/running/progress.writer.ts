import { type Progress } from '@ferrule/driver-kit';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database, type Statements } from '../../database/database.js';
import { reasonOf } from '../../logging/reason-of.js';
import { beginningOf } from '../../secrets/long-text.js';
import { type Redact } from '../../secrets/redact.js';
import { type StoredProgress } from '../job.js';
import { type AdoptedJob } from './job.adopter.js';

const INTERVAL = 500;
/** In characters; masking a long text would block the service. */
const MESSAGE_LENGTH = 4_096;

interface Report {
  readonly adoption: number;
  readonly progress: StoredProgress;
  readonly redact: Redact;
}

/** The final statement of a job that ends writes its progress. */
const PROGRESS = {
  name: 'job-progress',
  text: `
    with asked as materialized (
      select jobs.id, asked.progress
      from unnest($1::uuid[], $2::int[], $3::text[]) as asked (id, adoption, progress)
        join jobs on jobs.id = asked.id and jobs.adoptions = asked.adoption
      where jobs.state || '' = 'running' order by jobs.id for update of jobs skip locked)
    update jobs set progress = asked.progress::json from asked where jobs.id = asked.id`,
};

/** Twice a second, in one statement for all jobs of this process. */
@Injectable()
export class ProgressWriter {
  private readonly logger = new Logger(ProgressWriter.name);
  private readonly last = new Map<string, Report>();
  private unwritten = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private isWriting = false;

  constructor(@Inject(Database) private readonly database: { readonly relaxed: Pick<Statements, 'query'> }) {}

  /** Reads the report at once: a driver may change it later, and its getters may throw, which is then the driver's error. */
  report({ id, adoption }: Pick<AdoptedJob, 'id' | 'adoption'>, progress: Progress, redact: Redact): void {
    this.last.set(id, { adoption, progress: storable(progress), redact });
    this.unwritten.add(id);
    this.schedule();
  }

  /** For the statement that ends the job. */
  take(id: string): string | null {
    const progress = this.textOf(id);
    this.last.delete(id);
    this.unwritten.delete(id);
    return progress;
  }

  private textOf(id: string): string | null {
    const report = this.last.get(id);
    if (!report) return null;
    const { percent, message } = report.progress;
    return JSON.stringify({ percent, message: message === null ? null : report.redact(message) });
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
      await this.database.relaxed.query(PROGRESS, [
        ids,
        ids.map((id) => this.last.get(id)?.adoption),
        ids.map((id) => this.textOf(id)),
      ]);
    } catch (error) {
      this.logger.warn(`The progress of ${ids.length} jobs could not be stored: ${reasonOf(error)}`);
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
