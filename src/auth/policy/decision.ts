import { FerruleError } from '@ferrule/driver-kit';
import { type Maskable } from '../../secrets/maskable.js';
import { type Action, defaultPersonas } from './actions.js';
import { namesIn } from './personas.js';

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

/** What was asked for, as far as it is known. */
export interface DeniedObject {
  /** Its UUID. */
  readonly node?: string;
  readonly driver?: string;
  readonly vendorInterface?: string;
  readonly method?: string;
  readonly httpMethod?: string;
  readonly arguments?: Maskable | undefined;
}

/** Errors that answer a denied request have it, for the audit. */
export interface Denial extends DeniedObject {
  readonly decision: Decision;
}

/** 403: the caller may see what it asks for, but not do this. */
export class Forbidden extends FerruleError {
  readonly code = 'Forbidden';
  readonly status = 403;

  readonly denial: Denial;

  constructor(
    private readonly decision: Decision,
    object: DeniedObject = {},
  ) {
    super(`Access was denied to the following resource: ${decision.action}. ${reasonOf(decision)}`);
    this.denial = { ...object, decision };
  }

  override get details(): Readonly<Record<string, unknown>> {
    const { action, rule } = this.decision;
    return { action, rule };
  }
}

function reasonOf({ action, rule }: Decision): string {
  if (rule !== null) return `It is denied by the rule '${rule}'.`;
  return `By default it is for ${namesIn(defaultPersonas(action)).join(', ')}.`;
}
