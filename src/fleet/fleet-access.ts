import { Injectable } from '@nestjs/common';
import { type Caller } from '../auth/caller.js';
import { type Action } from '../auth/policy/defaults/actions.js';
import { Forbidden } from '../auth/policy/denial.js';
import { type Decision } from '../auth/policy/rules/decision.js';
import { Policy } from '../auth/policy/policy.js';
import { uuidOf } from '../http/query/uuid.js';
import { FleetCallNotFound } from './fleet-call.js';
import { FleetCallRepository, type StoredFleetCall } from './fleet-call.repository.js';

export const CREATE = 'ferrule:fleet_call:create' satisfies Action;
export const CONTROL = 'ferrule:fleet_call:control' satisfies Action;
const GET = 'ferrule:fleet_call:get' satisfies Action;

/** Who may see and stop fleet calls: whom the policy allows it, and each caller its own. */
@Injectable()
export class FleetAccess {
  constructor(
    private readonly policy: Policy,
    private readonly calls: FleetCallRepository,
  ) {}

  /** @throws Forbidden (403) */
  assertCreate(caller: Caller): Decision {
    return this.policy.assert(caller, CREATE);
  }

  /** @returns the id of the caller if it may see only its own; undefined if all. @throws Forbidden (403) */
  listed(caller: Caller): string | null | undefined {
    if (this.policy.may(caller, GET)) return undefined;
    if (!this.policy.may(caller, CREATE)) this.policy.assert(caller, GET);
    return caller.id;
  }

  /** @throws FleetCallNotFound (404), Forbidden (403) for others than its caller, also if it is not there. */
  async get(id: string, caller: Caller): Promise<StoredFleetCall> {
    const uuid = uuidOf(id);
    const found = uuid === undefined ? undefined : await this.calls.find(uuid);
    if (!found || !isOwn(found, caller)) this.policy.assert(caller, GET);
    if (found) return found;
    throw new FleetCallNotFound(id);
  }

  /** @returns what allows to pause, resume and cancel it. @throws Forbidden (403) */
  assertControl(call: StoredFleetCall, caller: Caller): Decision {
    const decision = this.policy.decide(caller, CONTROL);
    if (decision.isAllowed) return decision;
    const ofOwn = this.policy.decide(caller, CREATE);
    if (isOwn(call, caller) && ofOwn.isAllowed) return ofOwn;
    throw new Forbidden(decision, { fleetCall: call.id });
  }
}

function isOwn({ callerId }: StoredFleetCall, caller: Caller): boolean {
  return callerId !== null && callerId === caller.id;
}
