import { type Progress } from '@ferrule/driver-kit';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { linesText, MOST_LINES, type ProgressLine } from '../../database/progress-lines.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';
import { beginningOf } from '../../secrets/long-text.js';
import { type Redact } from '../../secrets/redact.js';
import { type StoredProgress } from '../record/job.js';
import { JobRepository, type ProgressRow } from '../record/job.repository.js';
import { type AdoptedJob } from './job.adopter.js';

const INTERVAL = 500;
const COMPLAINT_INTERVAL = 5_000;
/** In characters; masking a long text would block the service. */
const MESSAGE_LENGTH = 4_096;

/** Of the lines in one statement, in characters; further jobs get theirs with the next one. */
const WRITE_SIZE = 2_000_000;

/** What a job of this process has reported. */
interface Reports {
  readonly adoption: number;
  readonly redact: Redact;
  /** Not known to be stored, the last ones; they still have secrets. */
  lines: ProgressLine[];
  last: StoredProgress;
  count: number;
}

/** What the statement that ends a job writes. */
export interface TakenProgress {
  /** JSON text of the last report. */
  readonly text: string;
  /** Those that are not known to be stored. */
  readonly lines: readonly ProgressLine[];
  /** Of the lines, in characters. */
  readonly size: number;
}

/** Twice a second, in one statement for all jobs of this process. */
@Injectable()
export class ProgressWriter {
  private readonly logger = new Logger(ProgressWriter.name);
  private readonly warn = throttled((message) => this.logger.warn(message), COMPLAINT_INTERVAL);
  private readonly reports = new Map<string, Reports>();
  private readonly unwritten = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private isWriting = false;

  constructor(@Inject(JobRepository) private readonly jobs: Pick<JobRepository, 'storeProgress'>) {}

  /** Reads the report at once: a driver may change it later, and its getters may throw, which is then the driver's error. */
  report({ id, adoption }: Pick<AdoptedJob, 'id' | 'adoption'>, progress: Progress, redact: Redact): void {
    const last = storable(progress);
    const known = this.reports.get(id);
    const reports = known?.adoption === adoption ? known : { adoption, redact, lines: [], last, count: 0 };
    if (reports !== known) this.reports.set(id, reports);
    reports.last = last;
    reports.lines.push({ number: reports.count++, reportedAt: performance.now(), ...last });
    if (reports.lines.length > MOST_LINES) reports.lines.shift();
    this.unwritten.add(id);
    this.schedule();
  }

  /** @param isDone a job that succeeded is at 100 percent, if it has reported any. */
  take(id: string, isDone = false): TakenProgress | undefined {
    const reports = this.reports.get(id);
    this.reports.delete(id);
    this.unwritten.delete(id);
    if (!reports) return undefined;
    const lines = shownLines(reports);
    const size = lines.reduce((sum, { message }) => sum + (message?.length ?? 0), 0);
    return { text: lastText(reports, isDone), lines, size };
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
    const written = new Map<string, { readonly reports: Reports; readonly count: number }>();
    const rows: ProgressRow[] = [];
    let size = 0;
    for (const id of this.unwritten) {
      if (size > WRITE_SIZE) break;
      this.unwritten.delete(id);
      const reports = this.reports.get(id);
      if (!reports) continue;
      const lines = linesText(shownLines(reports));
      rows.push({ id, adoption: reports.adoption, progress: lastText(reports), lines });
      written.set(id, { reports, count: reports.count });
      size += lines.length;
    }
    if (rows.length === 0) return;
    this.isWriting = true;
    try {
      for (const id of await this.jobs.storeProgress(rows)) {
        const { reports, count = 0 } = written.get(id) ?? {};
        if (reports) reports.lines = reports.lines.filter(({ number }) => number >= count);
        written.delete(id);
      }
    } catch (error) {
      this.warn(`The progress of ${rows.length} jobs could not be stored yet: ${reasonOf(error)}`);
    } finally {
      // A row may have been locked by another transition of its job.
      for (const [id, { reports }] of written) if (this.reports.get(id) === reports) this.unwritten.add(id);
      this.isWriting = false;
      this.schedule();
    }
  }
}

function lastText({ last: { percent, message }, redact }: Reports, isDone = false): string {
  return JSON.stringify({
    percent: isDone && percent !== null ? 100 : percent,
    message: message === null ? null : redact(message),
  });
}

function shownLines({ lines, redact }: Reports): ProgressLine[] {
  return lines.map((line) => ({ ...line, message: line.message === null ? null : redact(line.message) }));
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
