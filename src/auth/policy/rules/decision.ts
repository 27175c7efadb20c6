import { type Action } from '../defaults/actions.js';

export interface Decision {
  readonly action: Action;
  readonly isAllowed: boolean;
  /** The name of the rule that decided; null for the default. */
  readonly rule: string | null;
}

/** For the audit: the rules that decided together; null if there were only defaults. */
export function rulesOf(decisions: readonly Decision[]): string | null {
  const names = new Set(decisions.flatMap(({ rule }) => (rule === null ? [] : [rule])));
  return names.size === 0 ? null : [...names].join(', ');
}
