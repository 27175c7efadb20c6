import { randomUUID } from 'node:crypto';
import { Facts, type Life } from './facts.js';

/** A row of the table, while it is there. */
export interface KeyRow {
  readonly index: number;
  readonly id: string;
  /** Null for a synchronous call. */
  readonly jobId: string | null;
  /** Jobs that were there before are of other calls. */
  readonly jobsBefore: number;
  state: 'running' | 'accepted' | 'answered';
  life: Life | undefined;
  /** In seconds. */
  age: number;
}

/** What a process believes that it runs. */
export interface Belief {
  readonly row: KeyRow;
  readonly life: Life;
  /** Another may have sent its job to the database. */
  readonly isTakenOver: boolean;
}

/** A key whose process was gone, as a process saw it. */
export interface Abandoned {
  readonly row: KeyRow;
  readonly life: Life | undefined;
}

export const DAY = 86_400;
export const MINUTE = 60;
/** Younger ones may be taken just now. */
const YOUNG = 10;

/** Of a few keys of one caller: the first is of a synchronous call, the others are of jobs. */
export class KeyFacts extends Facts {
  readonly rows: KeyRow[] = [];
  readonly held: Belief[][];
  readonly seen: Abandoned[][];
  /** Acceptances that the database gets long after they were sent. */
  readonly sent: KeyRow[] = [];
  /** What became of the call of each key in this day: the id of its job, or that of the row with which it ran. */
  readonly done = new Map<number, string>();

  constructor(nodes: number, lives: readonly string[]) {
    super(nodes, lives);
    this.held = lives.map(() => []);
    this.seen = lives.map(() => []);
  }

  heldBy(process: number): Belief[] {
    return this.held[process % this.held.length] ?? [];
  }

  seenBy(process: number): Abandoned[] {
    return this.seen[process % this.seen.length] ?? [];
  }

  row(index: number): KeyRow | undefined {
    return this.rows.find((row) => row.index === index);
  }

  /** Whether the job of its call was accepted. */
  hasJob({ jobId, jobsBefore }: KeyRow): boolean {
    return this.jobs.slice(jobsBefore).some(({ id }) => id === jobId);
  }

  stateOf(row: KeyRow): 'running' | 'accepted' | 'answered' | 'abandoned' {
    if (row.state !== 'running') return row.state;
    if (this.hasJob(row)) return 'accepted';
    return row.life?.isOver === false ? 'running' : 'abandoned';
  }

  /** @returns the new row; undefined if the key is known. @param jobId chosen by the caller. */
  takeKey(index: number, life: Life, jobId: string | null): KeyRow | undefined {
    const known = this.row(index);
    if (known && (known.age < DAY || this.stateOf(known) === 'running')) return undefined;
    if (known) this.remove(known);
    const row: KeyRow = {
      index,
      id: randomUUID(),
      jobId,
      jobsBefore: this.jobs.length,
      state: 'running',
      life,
      age: 0,
    };
    this.rows.push(row);
    return row;
  }

  takeOver({ row, life: before }: Abandoned, life: Life): boolean {
    const isSame = this.rows.includes(row) && row.state === 'running' && row.life === before;
    if (!isSame || row.jobId === null) return false;
    row.life = life;
    return true;
  }

  forget({ row, life }: Belief): void {
    if (this.isHeld(row, life) && !this.hasJob(row)) this.remove(row);
  }

  leaveKey({ row, life }: Belief): void {
    if (this.isHeld(row, life)) row.life = undefined;
  }

  end(row: KeyRow, state: 'accepted' | 'answered'): void {
    if (row.state === 'running') row.state = state;
  }

  disown(life: Life, held: readonly string[]): void {
    for (const row of [...this.rows]) {
      if (!this.isHeld(row, life) || held.includes(row.id) || row.age < YOUNG) continue;
      if (row.jobId === null) this.remove(row);
      else row.life = undefined;
    }
  }

  pass(seconds: number): void {
    for (const row of this.rows) row.age += seconds;
  }

  sweep(): void {
    for (const row of [...this.rows]) {
      if (this.hasJob(row)) this.end(row, 'accepted');
      if (row.age >= DAY && !(row.state === 'running' && row.life?.isOver === false)) this.remove(row);
    }
  }

  private isHeld(row: KeyRow, life: Life): boolean {
    return this.rows.includes(row) && row.state === 'running' && row.life === life;
  }

  private remove(row: KeyRow): void {
    this.rows.splice(this.rows.indexOf(row), 1);
    if (row.age >= DAY) this.done.delete(row.index);
  }
}
