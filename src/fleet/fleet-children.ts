import { Conflict, FerruleError, InvalidParameterValue } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { Forbidden } from '../auth/policy/denial.js';
import { OutcomeUnknown } from '../database/faults/errors.js';
import { isTransient } from '../database/faults/is-transient.js';
import { ServedElsewhere } from '../forwarding/served-elsewhere.js';
import { NoFreeConductorWorker } from '../lifecycle/errors.js';
import { reasonOf } from '../logging/reason-of.js';
import { ConductorAbsent, NoConductor, NodeNotServed } from '../nodes/errors.js';
import { PassthruNodes } from '../nodes/passthru-nodes.js';
import { type PassthruNode } from '../nodes/passthru-node.js';
import { CallPolicy } from '../passthru/call-policy.js';
import { openRecord } from '../passthru/call/call-audit.js';
import { checkArguments, validate } from '../passthru/call/checks.js';
import { type PassthruCall } from '../passthru/call/passthru-call.js';
import { PassthruCallFactory } from '../passthru/call/passthru-call.factory.js';
import { JobIdTaken } from '../passthru/errors.js';
import { JobAcceptance } from '../passthru/job-acceptance.js';
import { LockLineFull, NodeLocked } from '../reservations/errors.js';
import { type Child, type ChildError, type OpenFleetCall } from './fleet-call.js';

/** Who calls what, without the node. */
export type FleetCaller = Pick<
  OpenFleetCall,
  'id' | 'method' | 'httpMethod' | 'args' | 'caller' | 'requestId' | 'remoteAddress'
>;

/**
 * What became of the attempt to give a node its job. `busy`: not now, since others have the node; `away`: nor would any
 * other; `unsure`: there may be a job, or may not be one any more.
 */
export type Attempted =
  | { readonly became: 'started' | 'away' | 'unsure' }
  | { readonly became: 'busy' | 'refused'; readonly error: ChildError };

const ELSEWHERE =
  'The node is served by other conductors than that which makes the calls of this fleet call; please make one of its own for it.';

const STARTED = { status: 202 } as const;

/** The calls of a fleet call: as clients make them, each with its own node, policy, job and lock. */
@Injectable()
export class FleetChildren {
  private readonly logger = new Logger(FleetChildren.name);

  constructor(
    private readonly nodes: PassthruNodes,
    private readonly calls: PassthruCallFactory,
    private readonly policy: CallPolicy,
    private readonly acceptance: JobAcceptance,
    private readonly audit: AuditLog,
  ) {}

  /** What a call on the node would meet before its lock. @throws why it cannot be made. */
  async prepare(by: FleetCaller, nodeUuid: string, jobId?: string): Promise<PassthruCall> {
    const call = await this.checked(by, nodeUuid, jobId);
    await validate(call);
    return call;
  }

  /** As {@link prepare}, but only what is the same for all nodes of a kind. */
  async checked(by: FleetCaller, nodeUuid: string, jobId?: string): Promise<PassthruCall> {
    const node = await this.nodes.get({ text: nodeUuid, idents: [{ uuid: nodeUuid }] }, by.caller);
    const call = this.policy.admitted({
      caller: by.caller,
      make: () => this.made(by, node, jobId),
      callee: () => ({ driver: node.driver, vendorInterface: this.calls.vendorOfNode(node), node }),
    });
    checkArguments(call);
    this.policy.decide(call);
    return call;
  }

  /** @param isPatient whether a node that others have locked is tried again later. Never rejects. */
  async start(by: FleetCaller, { nodeUuid, jobId }: Child, isPatient: () => boolean): Promise<Attempted> {
    let call: PassthruCall | undefined;
    try {
      call = await this.prepare(by, nodeUuid, jobId);
      openRecord(call, this.audit);
      // One attempt: while it waited, it would be one of those that run at the same time.
      const id = await this.acceptance.accept(call, { seconds: 0 });
      call.record.succeeded({ ...STARTED, job: id });
      return { became: 'started' };
    } catch (error) {
      const attempted = attemptedOf(error, isPatient);
      if (attempted.became === 'refused') {
        call?.record.failed(error);
        this.refused(by, error);
      }
      return attempted;
    }
  }

  private made(by: FleetCaller, node: PassthruNode, jobId: string | undefined): PassthruCall {
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

  private refused({ caller, requestId, remoteAddress }: FleetCaller, error: unknown): void {
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

function attemptedOf(error: unknown, isPatient: () => boolean): Attempted {
  if (error instanceof JobIdTaken || error instanceof OutcomeUnknown) return { became: 'unsure' };
  if (isTransient(error) || error instanceof NoFreeConductorWorker) return { became: 'away' };
  const known = childErrorOf(error);
  return { became: isTemporary(error) && isPatient() ? 'busy' : 'refused', error: known };
}

/** Of the node or its conductor. */
function isTemporary(error: unknown): boolean {
  return (
    error instanceof NodeLocked ||
    error instanceof LockLineFull ||
    error instanceof Conflict ||
    error instanceof NoConductor ||
    error instanceof NodeNotServed ||
    error instanceof ConductorAbsent ||
    error instanceof ServedElsewhere
  );
}

export function childErrorOf(error: unknown): ChildError {
  if (error instanceof ServedElsewhere) return { code: 'NodeServedElsewhere', message: ELSEWHERE };
  if (FerruleError.is(error)) return { code: error.code, message: error.message };
  return { code: 'InternalError', message: 'The call could not be made because of an internal error.' };
}
