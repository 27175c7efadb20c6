import { type Moment } from '../../database/reads/job-changes.js';

/** Of a job among those that changed. */
export interface ChangeKey {
  readonly change: string;
  readonly seq: string;
}

/** The jobs that one snapshot does not show changed and a later one does, after a key. */
export interface Window {
  /** Snapshots. */
  readonly since: string;
  readonly until: string;
  readonly after?: ChangeKey | undefined;
}

/** Up to where a stream has been sent: a moment, or a key within what changed between two. */
export interface Position {
  readonly history: string;
  readonly window: Window;
}

/** Before any change. */
export const BEGINNING = '1:1:';

const SNAPSHOT = String.raw`\d{1,20}:\d{1,20}:(?:\d{1,20}(?:,\d{1,20})*)?`;
const ID = new RegExp(String.raw`^([0-9a-f-]{36});(${SNAPSHOT})(?:;(${SNAPSHOT});(\d{1,20})\.(\d{1,20}))?$`);

export function positionAt({ history, snapshot }: Moment): Position {
  return { history, window: { since: snapshot, until: snapshot } };
}

/** What must be sent to come from a position to a later moment. */
export function windowsTo({ snapshot }: Moment, { window: { since, until, after } }: Position): Window[] {
  return [
    ...(after ? [{ since, until, after }] : []),
    ...(until === snapshot ? [] : [{ since: until, until: snapshot }]),
  ];
}

/** Opaque to clients; as `id` of an event. */
export function idOf({ history, window: { since, until, after } }: Position): string {
  return after ? `${history};${since};${until};${after.change}.${after.seq}` : `${history};${until}`;
}

/** @returns undefined for what is no id of an event. */
export function positionOf(id: string): Position | undefined {
  const [whole, history, since, until, change, seq] = ID.exec(id) ?? [];
  if (whole === undefined || history === undefined || since === undefined || !isSnapshot(since))
    return undefined;
  if (until === undefined || change === undefined || seq === undefined) {
    return { history, window: { since, until: since } };
  }
  if (!isSnapshot(until) || !isNumber(BigInt(change)) || !isNumber(BigInt(seq))) return undefined;
  return { history, window: { since, until, after: { change, seq } } };
}

/** Whether PostgreSQL takes it. */
function isSnapshot(text: string): boolean {
  const [xmin = 0n, xmax = 0n, ...running] = text
    .split(/[:,]/)
    .flatMap((each) => (each === '' ? [] : [BigInt(each)]));
  const isRising = running.every((each, index) => each >= (running[index - 1] ?? xmin) && each < xmax);
  return isNumber(xmin) && isNumber(xmax) && xmin <= xmax && isRising;
}

function isNumber(value: bigint): boolean {
  return value > 0n && value < 2n ** 63n;
}
