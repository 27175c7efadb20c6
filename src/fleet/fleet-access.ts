import { Injectable } from '@nestjs/common';
import { type RawBuilder, type SqlBool } from 'kysely';
import { type Caller } from '../auth/caller.js';
import { type Action } from '../auth/policy/defaults/actions.js';
import { Forbidden } from '../auth/policy/denial.js';
import { type Decision } from '../auth/policy/rules/decision.js';
import { Policy } from '../auth/policy/policy.js';
import { uuidOf } from '../http/query/uuid.js';
import { JobAccess } from '../jobs/record/job-access.js';
import { visibleNodes } from '../nodes/access/visible-nodes.js';
import { FleetCallNotFound } from './fleet-call.js';
import { FleetCallRepository } from './fleet-call.repository.js';
import { type StoredFleetCall } from './fleet-call-row.js';
import { type StoredFleetNode } from './fleet-node.repository.js';

export const CREATE = 'ferrule:fleet_call:create' satisfies Action;
export const CONTROL = 'ferrule:fleet_call:control' satisfies Action;
const GET = 'ferrule:fleet_call:get' satisfies Action;

/**
 * Who may see and stop fleet calls: callers whom the policy allows it, and the callers who made them. A caller sees the
 * nodes of others' fleet calls as it sees these nodes and their jobs.
 */
@Injectable()
export class FleetAccess {
  constructor(
    private readonly policy: Policy,
    private readonly jobs: JobAccess,
    private readonly calls: FleetCallRepository,
  ) {}

  /** @throws Forbidden (403) */
  assertCreate(caller: Caller): Decision {
    return this.policy.assert(caller, CREATE);
  }

  /** @returns the id of the caller if it may see only its own; undefined if all. @throws Forbidden (403) */
  listed(caller: Caller): string | undefined {
    if (this.policy.may(caller, GET)) return undefined;
    if (caller.id !== null && this.policy.may(caller, CREATE)) return caller.id;
    this.policy.assert(caller, GET);
    return undefined;
  }

  /** @throws FleetCallNotFound (404), Forbidden (403) for who may not see it, also if it is not there. */
  async get(id: string, caller: Caller): Promise<StoredFleetCall> {
    const uuid = uuidOf(id);
    const found = uuid === undefined ? undefined : await this.calls.find(uuid);
    const isOfMaker = found && isOwn(found, caller) && this.policy.may(caller, CREATE);
    if (!isOfMaker) this.policy.assert(caller, GET);
    if (found) return found;
    throw new FleetCallNotFound(id);
  }

  /** @returns SQL: whether the caller may see the node of a row of `nodes`; undefined if it may see all of them. */
  visibleNodes(call: StoredFleetCall, caller: Caller): RawBuilder<SqlBool> | undefined {
    if (isOwn(call, caller)) return undefined;
    return visibleNodes(this.policy.relations(caller, ['baremetal:node:get']), caller.projectId);
  }

  /** Whether the caller may read what the error of a node says. */
  maySeeError(
    call: StoredFleetCall,
    { jobId, nodeUuid, state, now }: StoredFleetNode,
    caller: Caller,
  ): boolean {
    const job = {
      id: jobId,
      state: state === 'succeeded' ? state : 'failed',
      driver: now?.driver ?? '',
      operation: { kind: 'vendor', interface: now?.vendorInterface ?? '', name: call.method },
      nodeUuid,
      ownership: now?.ownership ?? null,
      callerId: call.callerId,
    } as const;
    return this.jobs.sightOf(caller, job).hasError;
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
