import { type JsonValue } from '@ferrule/driver-kit';

/** A job, as `GET /v1/jobs/<id>` shows it. */
export interface Job {
  readonly id: string;
  readonly state:
    'succeeded' | 'failed' | 'cancelled' | 'timed-out' | 'refused' | 'outcome-unknown' | 'queued' | 'running';
  readonly method: string;
  readonly progress: { readonly percent: number | null; readonly message: string | null } | null;
  readonly result: JsonValue;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** URL of the file that the method returned. */
  readonly attachment: string | null;
  readonly [member: string]: unknown;
}

export function hasEnded({ state }: Job): boolean {
  return state !== 'queued' && state !== 'running';
}
