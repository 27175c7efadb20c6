import { FerruleError } from '@ferrule/driver-kit';
import { type Maskable } from '../../secrets/maskable.js';
import { defaultPersonas } from './defaults/actions.js';
import { namesIn } from './defaults/personas.js';
import { type Decision } from './rules/decision.js';

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

/** Errors that answer a denied request have it, for the audit and the metrics. */
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
