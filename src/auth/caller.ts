export interface Caller {
  /** The name in logs and jobs; null for an unknown caller. */
  readonly name: string | null;
}

/** Of every request, as long as there is no authentication. */
export const UNKNOWN_CALLER: Caller = Object.freeze({ name: null });
