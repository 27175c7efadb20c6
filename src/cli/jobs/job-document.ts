import { z } from 'zod';
import { type JobState } from '../../database/job-state.js';

/** What the commands read of a job; other members are kept for `--json`. */
export const JobDocument = z.looseObject({
  id: z.string(),
  state: z.string(),
  node: z.string().nullable(),
  driver: z.string(),
  method: z.string(),
  caller: z.string().nullable(),
  progress: z.object({ percent: z.number().nullable(), message: z.string().nullable() }).nullable(),
  result: z.unknown(),
  attachment: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  created_at: z.string(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
});
export type JobDocument = z.output<typeof JobDocument>;

const GOING_ON: readonly string[] = ['queued', 'running'] satisfies JobState[];

/** A state that this version does not know is an end. */
export function isOver({ state }: JobDocument): boolean {
  return !GOING_ON.includes(state);
}

/** On one line; empty if nothing was reported. */
export function progressText({ progress }: JobDocument): string {
  const percent = progress?.percent ?? null;
  const parts = [percent === null ? '' : `${Math.floor(percent)}%`, progress?.message ?? ''];
  return parts.filter((part) => part !== '').join(' ');
}
