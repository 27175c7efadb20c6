import { printable } from '@ferrule/driver-kit/plain';
import { type JobDocument, isOver, progressText } from './job-document.js';

/** Where progress is shown: not the standard output, which is for the result. */
export interface Screen {
  /** Undefined: no terminal, or one that cannot write a line anew. */
  readonly columns: number | undefined;
  write(text: string): void;
}

export const standardScreen: Screen = {
  get columns() {
    const { isTTY, columns } = process.stderr;
    if (!isTTY || process.env['TERM'] === 'dumb') return undefined;
    // Some terminals do not say.
    return columns > 0 ? columns : 80;
  },
  write: (text) => process.stderr.write(text),
};

const WIDEST_BAR = 30;
const CLEAR = '\r\u001b[K';
/** A message with wide characters must not begin a second line. */
const [NO_WRAP, WRAP] = ['\u001b[?7l', '\u001b[?7h'];

/** Shows a job that goes on: as a bar on a terminal, as lines elsewhere. */
export class ProgressDisplay {
  private shown = '';
  private isDrawn = false;

  constructor(private readonly screen: Screen) {}

  show(job: JobDocument): void {
    if (isOver(job)) return;
    const { columns } = this.screen;
    const text = columns === undefined ? lineOf(job) : barOf(job, columns);
    if (text === this.shown) return;
    this.shown = text;
    this.isDrawn = columns !== undefined;
    this.screen.write(this.isDrawn ? `${CLEAR}${NO_WRAP}${text}${WRAP}` : `${text}\n`);
  }

  /** Before anything else is written. */
  clear(): void {
    if (this.isDrawn) this.screen.write(CLEAR);
    this.isDrawn = false;
    this.shown = '';
  }
}

export function lineOf(job: JobDocument): string {
  return printable(`${job.state} ${progressText(job)}`.trim());
}

/** @returns at most one character less than the columns, since some terminals wrap after the last one. */
export function barOf(job: JobDocument, columns: number): string {
  const percent = job.progress?.percent ?? null;
  const width = Math.min(WIDEST_BAR, columns - 12);
  if (percent === null || width < 5) return lineOf(job).slice(0, columns - 1);
  const share = Math.min(1, Math.max(0, percent / 100));
  const bar = '#'.repeat(Math.floor(share * width)).padEnd(width, '.');
  const message = printable(job.progress?.message ?? '');
  const text = `[${bar}] ${`${Math.floor(share * 100)}%`.padStart(4)} ${message}`;
  return [...text]
    .slice(0, columns - 1)
    .join('')
    .trimEnd();
}
