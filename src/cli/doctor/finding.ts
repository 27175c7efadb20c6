/** `problem`: the service does not run as it is, or loses something. `warning`: it does, and somebody should look. */
export type Level = 'ok' | 'warning' | 'problem';

export interface Finding {
  readonly level: Level;
  readonly message: string;
  /** What to do; null if nothing. */
  readonly advice: string | null;
}

export const ok = (message: string): Finding => ({ level: 'ok', message, advice: null });
export const warning = (message: string, advice: string): Finding => ({ level: 'warning', message, advice });
export const problem = (message: string, advice: string): Finding => ({ level: 'problem', message, advice });
