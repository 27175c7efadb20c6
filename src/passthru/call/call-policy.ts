import { Injectable } from '@nestjs/common';
import { type Caller } from '../../auth/caller.js';
import { Forbidden } from '../../auth/policy/denial.js';
import { type Decision } from '../../auth/policy/rules/decision.js';
import { type MatchingRules } from '../../auth/policy/rules/matching-rules.js';
import { Policy } from '../../auth/policy/policy.js';
import { type PassthruMethod } from '../../drivers/methods/passthru-method.js';
import { NoHandler, type DriverInterface } from '../../drivers/methods/driver-interface.js';
import { passthruAction } from '../../drivers/operation.js';
import { ServedElsewhere } from '../../forwarding/served-elsewhere.js';
import { type PassthruNode } from '../../nodes/record/passthru-node.js';
import { actionOf, maskableArguments, targetOf } from './call-audit.js';
import { type PassthruCall } from './passthru-call.js';

/** The driver or node whose methods a caller wants to see or call. */
export interface Callee {
  readonly driver: string;
  readonly vendorInterface: DriverInterface | undefined;
  /** Null for methods of the driver level. */
  readonly node: PassthruNode | null;
}

/** A call that somebody asks for. */
export interface AskedCall {
  readonly caller: Caller;
  /** @throws why there is no such call. */
  readonly make: () => PassthruCall;
  /** Whose methods decide whether the caller learns that. */
  readonly callee: () => Callee;
}

/** What the policy says about passthru calls. */
@Injectable()
export class CallPolicy {
  constructor(private readonly policy: Policy) {}

  /**
   * The methods that the caller may call, at least with some arguments.
   * @throws Forbidden (403) if it may call none, whatever the driver has.
   */
  callable(caller: Caller, callee: Callee): readonly PassthruMethod[] {
    const { driver, vendorInterface, node } = callee;
    const scope = node ? 'node' : 'driver';
    const subject = (method: PassthruMethod | null) => ({ driver, method, node });
    const all = vendorInterface?.all(scope) ?? [];
    const found = all.filter(
      (each) => this.policy.rulesFor(caller, passthruAction(scope), subject(each)).mayAllow,
    );
    if (found.length > 0) return found;
    // A caller that may call any method may also learn that there is none.
    const decision = this.policy.rulesFor(caller, passthruAction(scope), subject(null)).decide({});
    if (!decision.isAllowed) throw new Forbidden(decision, { driver, node: node?.uuid ?? null });
    return found;
  }

  /**
   * A call that the caller may make, at least with other arguments.
   * @throws Forbidden (403), ServedElsewhere, and what `make` throws.
   */
  admitted(asked: AskedCall): PassthruCall {
    const call = this.made(asked);
    this.admit(call);
    return call;
  }

  private made({ make, caller, callee }: AskedCall): PassthruCall {
    try {
      return make();
    } catch (error) {
      // The conductor decides what the caller may.
      if (error instanceof ServedElsewhere) throw error;
      const known = this.callable(caller, callee());
      throw error instanceof NoHandler ? error.naming(known) : error;
    }
  }

  /** @throws Forbidden (403) */
  admit(call: PassthruCall): void {
    const fixed = isPassthru(call)
      ? this.matching(call).fixed
      : this.policy.decide(call.caller, actionOf(call), call.target.node);
    if (fixed?.isAllowed === false) throw refusal(call, fixed);
    call.decision = fixed;
  }

  /** Again, for a node that was changed meanwhile. @throws Forbidden (403) */
  renew(call: PassthruCall): void {
    this.admit(call);
    this.decide(call);
  }

  /** With the arguments as the method gets them. @throws Forbidden (403) */
  decide(call: PassthruCall): void {
    if (call.decision) return;
    const decision = this.matching(call).decide(call.args);
    if (!decision.isAllowed) throw refusal(call, decision);
    call.decision = decision;
  }

  private matching({ caller, driver, method, target: { scope, node } }: PassthruCall): MatchingRules {
    return this.policy.rulesFor(caller, passthruAction(scope), { driver: driver.name, method, node });
  }
}

function isPassthru({ operation }: PassthruCall): boolean {
  return operation.kind === 'vendor';
}

function refusal(call: PassthruCall, decision: Decision): Forbidden {
  return new Forbidden(decision, targetOf(call), maskableArguments(call));
}
