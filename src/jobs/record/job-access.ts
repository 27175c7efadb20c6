import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Caller } from '../../auth/caller.js';
import { type ActionTarget } from '../../auth/policy/action-target.js';
import { Forbidden } from '../../auth/policy/denial.js';
import { type Decision } from '../../auth/policy/rules/decision.js';
import { Policy } from '../../auth/policy/policy.js';
import { type MatchingRules } from '../../auth/policy/rules/matching-rules.js';
import { operationAction, passthruAction } from '../../drivers/operation.js';
import { Roster } from '../../conductors/roster/roster.js';
import { DriverRegistry } from '../../drivers/driver.registry.js';
import { visibleNodes } from '../../nodes/access/visible-nodes.js';
import { type CalledJob } from './job.js';
import { type JobSight } from './job.view.js';

/** The action of the records of the audit; the permission is that of a call of the method. */
export const CANCEL = 'ferrule:job:cancel';

/**
 * Which jobs a caller may see: those of the nodes that it may see. Jobs without a node are for those who may see any node.
 * What the method said is for those who may call it with any arguments, since those of the job may be what a rule is
 * about, and for the caller of the job. Both may cancel it, the caller of the job only while it may call the method.
 */
@Injectable()
export class JobAccess {
  constructor(
    private readonly policy: Policy,
    private readonly drivers: DriverRegistry,
    private readonly roster: Roster,
  ) {}

  /**
   * @returns SQL: whether the caller may see the job of a row of `jobs`; undefined if it may see all.
   * @throws Forbidden (403) if it may see none.
   */
  visible(caller: Caller): RawBuilder<SqlBool> | undefined {
    const relations = this.policy.relations(caller, ['ferrule:job:get', 'baremetal:node:get']);
    if (relations.size === 0) this.policy.assert(caller, 'ferrule:job:get');
    const nodes = visibleNodes(relations, caller.projectId);
    if (!nodes) return undefined;
    const ofNode = sql<SqlBool>`exists (select from nodes where nodes.id = jobs.node_id and ${nodes})`;
    return relations.has('none') ? sql`(jobs.node_id is null or ${ofNode})` : ofNode;
  }

  sightOf(caller: Caller, job: CalledJob): JobSight {
    const hasOutcome = isOwn(caller, job) || this.call(caller, job).forAnyArguments.isAllowed;
    // The message of a failed job becomes the last error of its node.
    const hasError =
      hasOutcome ||
      this.policy.may(caller, 'baremetal:node:get:last_error', job.ownership) ||
      this.policy.may(caller, 'baremetal:node:get:filter_threshold', job.ownership);
    return { hasOutcome, hasError };
  }

  /** @throws Forbidden (403) */
  assertOutcome(caller: Caller, job: CalledJob): void {
    if (isOwn(caller, job)) return;
    const decision = this.call(caller, job).forAnyArguments;
    if (!decision.isAllowed) throw new Forbidden(decision, targetOf(job));
  }

  /** @returns what allows it. @throws Forbidden (403) */
  assertCancel(caller: Caller, job: CalledJob): Decision {
    const { forAnyArguments, forSomeArguments } = this.call(caller, job);
    if (forAnyArguments.isAllowed) return forAnyArguments;
    if (forSomeArguments.isAllowed && isOwn(caller, job)) return forSomeArguments;
    throw new Forbidden(forAnyArguments, { ...targetOf(job), action: CANCEL });
  }

  private call(
    caller: Caller,
    { driver, operation, nodeUuid, ownership }: CalledJob,
  ): Pick<MatchingRules, 'forAnyArguments' | 'forSomeArguments'> {
    if (operation.kind !== 'vendor') {
      const decision = this.policy.decide(caller, operationAction(operation), ownership);
      return { forAnyArguments: decision, forSomeArguments: decision };
    }
    const scope = nodeUuid === null ? 'driver' : 'node';
    // A method that no process has any more is for those who may call any.
    const method =
      this.drivers.find(driver)?.findInterface('vendor', operation.interface)?.find(scope, operation.name) ??
      this.roster.driver(driver)?.method({ ...operation, scope }) ??
      null;
    return this.policy.rulesFor(caller, passthruAction(scope), { driver, method, node: ownership });
  }
}

export function targetOf({ id, driver, operation, nodeUuid }: CalledJob): ActionTarget {
  return {
    job: id,
    driver,
    ...(operation.kind === 'vendor' && { vendorInterface: operation.interface }),
    method: operation.name,
    node: nodeUuid,
  };
}

function isOwn(caller: Caller, { callerId }: CalledJob): boolean {
  return callerId !== null && callerId === caller.id;
}
