export const JOB_STATES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'timed-out',
  'refused',
  'outcome-unknown',
] as const;
export type JobState = (typeof JOB_STATES)[number];

export type EndState = Exclude<JobState, 'queued' | 'running'>;

/**
 * Which states may follow each. A trigger of the table refuses every other change, so a new line here needs a migration.
 * A running job whose method was not called may be queued again; one that ended is never changed.
 */
export const NEXT_STATES: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['running', 'cancelled', 'refused', 'outcome-unknown'],
  running: ['queued', 'succeeded', 'failed', 'cancelled', 'timed-out', 'refused', 'outcome-unknown'],
  succeeded: [],
  failed: [],
  cancelled: [],
  'timed-out': [],
  refused: [],
  'outcome-unknown': [],
};

export function hasEnded(state: JobState): state is EndState {
  return NEXT_STATES[state].length === 0;
}

export const END_STATES = JOB_STATES.filter(hasEnded);
