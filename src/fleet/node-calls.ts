import { Conflict, FerruleError, InvalidParameterValue } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { Forbidden } from '../auth/policy/denial.js';
import { Roster, type Served } from '../conductors/roster/roster.js';
import { OutcomeUnknown } from '../database/faults/errors.js';
import { isTransient } from '../database/faults/is-transient.js';
import { ServedElsewhere } from '../forwarding/served-elsewhere.js';
import { NoFreeConductorWorker } from '../lifecycle/errors.js';
import { reasonOf } from '../logging/reason-of.js';
import { ConductorAbsent, NoConductor, NodeNotServed } from '../nodes/errors.js';
import { PassthruNodes } from '../nodes/record/passthru-nodes.js';
import { type PassthruNode } from '../nodes/record/passthru-node.js';
import { CallPolicy } from '../passthru/call/call-policy.js';
import { openRecord } from '../passthru/call/call-audit.js';
import { checkArguments, validate } from '../passthru/call/checks.js';
import { type PassthruCall } from '../passthru/call/passthru-call.js';
import { PassthruCallFactory } from '../passthru/call/passthru-call.factory.js';
import { JobIdTaken } from '../passthru/lock/errors.js';
import { JobAcceptance } from '../passthru/lock/job-acceptance.js';
import { LockLineFull, NodeLocked } from '../reservations/errors.js';
import { type FleetRequest } from './fleet-call.js';
import { type FleetNode, type FleetNodeError } from './fleet-node.js';

/**
 * What came of the attempt to give a node its job. `accepted`: it has one. `unknown`: it may have one, or had one.
 * `unavailable`: no job can be accepted now. `elsewhere`: only other processes can make the call. `later`: it cannot be made
 * now, since others have the node or it has no conductor.
 */
export type NodeOutcome =
  | { readonly is: 'accepted' | 'unknown' | 'unavailable' | 'elsewhere' }
  /** @param awaits of which there is no conductor; undefined if others have the node. */
  | { readonly is: 'later'; readonly awaits?: Served | undefined }
  | { readonly is: 'refused'; readonly error: FleetNodeError };

const ACCEPTED = { status: 202 } as const;

/** The calls of a fleet call: as clients make them, each with its own node, policy, job and lock. */
@Injectable()
export class NodeCalls {
  private readonly logger = new Logger(NodeCalls.name);

  constructor(
    private readonly nodes: PassthruNodes,
    private readonly calls: PassthruCallFactory,
    private readonly policy: CallPolicy,
    private readonly acceptance: JobAcceptance,
    private readonly audit: AuditLog,
    private readonly roster: Roster,
  ) {}

  /** As the roster knows, without a statement. */
  isServed(served: Served): boolean {
    return this.roster.hostsFor(served).length > 0;
  }

  /** What a call on the node would meet before its lock. @throws why it cannot be made. */
  async prepared(by: FleetRequest, nodeUuid: string, jobId?: string): Promise<PassthruCall> {
    const call = await this.checked(by, nodeUuid, jobId);
    await validate(call);
    return call;
  }

  private nodeOf({ caller }: FleetRequest, uuid: string): Promise<PassthruNode> {
    return this.nodes.get({ text: uuid, idents: [{ uuid }] }, caller);
  }

  /** As {@link prepared}, but only what depends on the driver and the policy. */
  async checked(by: FleetRequest, nodeUuid: string, jobId?: string): Promise<PassthruCall> {
    return this.checkedOn(by, await this.nodeOf(by, nodeUuid), jobId);
  }

  private checkedOn(by: FleetRequest, node: PassthruNode, jobId: string | undefined): PassthruCall {
    const call = this.policy.admitted({
      caller: by.caller,
      make: () => this.made(by, node, jobId),
      callee: () => ({ driver: node.driver, vendorInterface: this.calls.vendorOfNode(node), node }),
    });
    checkArguments(call);
    this.policy.decide(call);
    return call;
  }

  /** @param mayWait whether a node that cannot be called now is tried again. Never rejects. */
  async attempt(by: FleetRequest, node: FleetNode, mayWait: () => boolean): Promise<NodeOutcome> {
    let found: PassthruNode | undefined;
    let call: PassthruCall | undefined;
    try {
      found = await this.nodeOf(by, node.nodeUuid);
      call = this.checkedOn(by, found, node.jobId);
      await validate(call);
      openRecord(call, this.audit);
      // One attempt: while it waited, it would be one of those that run at the same time.
      const id = await this.acceptance.accept(call, { line: { seconds: 0, origin: '' } });
      call.record.succeeded({ ...ACCEPTED, job: id });
      return { is: 'accepted' };
    } catch (error) {
      const outcome = outcomeOf(error, mayWait, found);
      if (outcome.is === 'refused') {
        call?.record.failed(error);
        this.refused(by, error);
      }
      return outcome;
    }
  }

  private made(by: FleetRequest, node: PassthruNode, jobId: string | undefined): PassthruCall {
    const { id, method, httpMethod, args, caller, requestId, remoteAddress } = by;
    const call = this.calls.onNode(node, {
      caller,
      requestId,
      remoteAddress,
      idempotencyKey: undefined,
      chosenJobId: undefined,
      verb: httpMethod,
      wantsProblem: false,
      method,
      args,
      textArgs: new Map(),
      fleetCall: id,
    });
    if (!call.method.isAsync) {
      throw new InvalidParameterValue(
        `The method ${method} of ${node.driver} is synchronous; a fleet call needs one that runs as a job.`,
      );
    }
    return { ...call, chosenJobId: jobId };
  }

  private refused({ caller, requestId, remoteAddress }: FleetRequest, error: unknown): void {
    if (!FerruleError.is(error)) {
      this.logger.error(`A call of a fleet call failed: ${reasonOf(error)}`);
    } else if (error instanceof Forbidden) {
      const { decision, target, given } = error.denial;
      const { action, rule } = decision;
      const subject = { action, ...target, caller, requestId, remoteAddress };
      this.audit.denied(subject, { arguments: given, rule, status: error.status });
    }
  }
}

function outcomeOf(error: unknown, mayWait: () => boolean, node: PassthruNode | undefined): NodeOutcome {
  if (error instanceof JobIdTaken || error instanceof OutcomeUnknown) return { is: 'unknown' };
  if (isTransient(error) || error instanceof NoFreeConductorWorker) return { is: 'unavailable' };
  if (error instanceof ServedElsewhere) return { is: 'elsewhere' };
  if (mayWait()) {
    if (isOfOthers(error)) return { is: 'later' };
    if (node && isUnserved(error))
      return { is: 'later', awaits: { driver: node.driver, group: node.conductorGroup } };
  }
  return { is: 'refused', error: nodeErrorOf(error) };
}

function isOfOthers(error: unknown): boolean {
  return error instanceof NodeLocked || error instanceof LockLineFull || error instanceof Conflict;
}

function isUnserved(error: unknown): boolean {
  return error instanceof NoConductor || error instanceof NodeNotServed || error instanceof ConductorAbsent;
}

export function nodeErrorOf(error: unknown): FleetNodeError {
  if (FerruleError.is(error)) return { code: error.code, message: error.message };
  return { code: 'InternalError', message: 'The call could not be made because of an internal error.' };
}
