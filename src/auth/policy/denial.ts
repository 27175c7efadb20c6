import { FerruleError } from '@ferrule/driver-kit';
import { type Maskable } from '../../secrets/maskable.js';
import { type ActionTarget } from './action-target.js';
import { defaultPersonas } from './defaults/actions.js';
import { namesIn } from './defaults/personas.js';
import { type Decision } from './rules/decision.js';

interface DeniedTarget extends ActionTarget {
  /** For the audit, if what was asked for needs the permission of another action. */
  readonly action?: string;
}

/** What the policy has denied. */
export class Denial {
  /** @param given the arguments of a call. */
  constructor(
    readonly decision: Decision,
    readonly target: DeniedTarget = {},
    readonly given?: Maskable,
  ) {}
}

/** Of an error that answers a denied request, for the audit and the metrics. */
export function denialOf(error: FerruleError): Denial | undefined {
  return 'denial' in error && error.denial instanceof Denial ? error.denial : undefined;
}

/** 403: the caller may see what it asks for, but not do this. */
export class Forbidden extends FerruleError {
  readonly code = 'Forbidden';
  readonly status = 403;

  readonly denial: Denial;

  constructor(decision: Decision, target: DeniedTarget = {}, given?: Maskable) {
    super(`Access was denied to the following resource: ${decision.action}. ${reasonOf(decision)}`);
    this.denial = new Denial(decision, target, given);
  }

  override get details(): Readonly<Record<string, unknown>> {
    const { action, rule } = this.denial.decision;
    return { action, rule };
  }
}

function reasonOf({ action, rule }: Decision): string {
  if (rule !== null) return `It is denied by the rule '${rule}'.`;
  return `By default it is for ${namesIn(defaultPersonas(action)).join(', ')}.`;
}
