import { randomUUID } from 'node:crypto';
import { FerruleError, InvalidParameterValue, type JsonValue } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { type AuditSubject } from '../audit/audit-record.js';
import { Forbidden } from '../auth/policy/denial.js';
import { type RequestIdentity } from '../auth/request-identity.js';
import { Conductor } from '../conductors/conductor.js';
import { BadRequest } from '../http/errors.js';
import { ServedElsewhere } from '../forwarding/served-elsewhere.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { requestLine } from '../logging/request-line.js';
import { ConductorAbsent, NoConductor, NodeNotFound, NodeNotServed } from '../nodes/errors.js';
import { maskableArguments } from '../passthru/call/call-audit.js';
import { type PassthruCall } from '../passthru/call/passthru-call.js';
import { SecretsAtRest } from '../secrets/at-rest/secrets-at-rest.js';
import { counted } from '../text/counted.js';
import { FleetCallConflict } from './fleet-call.js';
import { type FleetCallBody, fleetCallBody } from './fleet-call-body.js';
import { FleetCallRepository, type StoredFleetCall } from './fleet-call.repository.js';
import { CONTROL, CREATE, FleetAccess } from './fleet-access.js';
import { type FleetCaller, FleetChildren } from './fleet-children.js';
import { type FleetNode, FleetNodes } from './fleet-nodes.js';
import { FleetRunner } from './fleet.runner.js';

/** What was asked for, checked as far as it is the same for all nodes of a kind. */
interface CheckedCall extends Pick<PassthruCall, 'rawArgs' | 'target'> {
  readonly method: Pick<PassthruCall['method'], 'secretArguments'>;
}

export interface PlannedFleetCall {
  readonly body: FleetCallBody;
  readonly by: FleetCaller;
  readonly nodes: readonly FleetNode[];
  readonly subject: AuditSubject;
  /** One of its calls, with what is secret for any driver of the nodes. */
  readonly example: CheckedCall;
  /** The rule of the policy that allows it. */
  readonly rule: string | null;
}

/** Makes, pauses, resumes and cancels fleet calls. */
@Injectable()
export class FleetCalls {
  private readonly logger = new Logger(FleetCalls.name);

  constructor(
    private readonly repository: FleetCallRepository,
    private readonly nodes: FleetNodes,
    private readonly children: FleetChildren,
    private readonly access: FleetAccess,
    private readonly runner: FleetRunner,
    private readonly audit: AuditLog,
    private readonly secrets: SecretsAtRest,
    private readonly conductor: Conductor,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** @throws BadRequest, InvalidParameterValue (400), Forbidden (403), NotAcceptable (406), ServedElsewhere: this process can make none of its calls. */
  async plan(json: JsonValue, microversion: number, identity: RequestIdentity): Promise<PlannedFleetCall> {
    const { rule } = this.access.assertCreate(identity.caller);
    const body = fleetCallBody(json, microversion);
    const nodes = await this.nodes.find(body.asked, identity.caller, microversion);
    if (body.canary > nodes.length) {
      throw new BadRequest(
        `Invalid canary: ${body.canary} of ${counted(nodes.length, 'node')}; it must be at most ${nodes.length}.`,
      );
    }
    const { method, httpMethod, args } = body;
    const { requestId, caller, remoteAddress } = identity;
    const id = body.id ?? randomUUID();
    const by = { id, method, httpMethod, args, requestId, caller, remoteAddress };
    const subject = { ...identity, action: CREATE, fleetCall: id, method, httpMethod };
    return { body, by, nodes, subject, example: await this.checked(by, nodes), rule };
  }

  /** @throws FleetCallIdTaken (409), AuditUnavailable, LeaseUnsure (503) */
  async create({ body, by, nodes, subject, example, rule }: PlannedFleetCall): Promise<string> {
    this.lifecycle.refuseWhenDraining();
    const { id, args, requestId, caller, remoteAddress } = by;
    const { asked } = body;
    const details = { arguments: maskableArguments(example), rule };
    await this.audit.change(subject, details, 202, () =>
      this.repository.insert({
        ...body,
        id,
        args: this.secrets.sealedArguments(id, args),
        filter: 'given' in asked ? asked.given : undefined,
        nodeUuids: nodes.map(({ uuid }) => uuid),
        identity: { requestId, caller, remoteAddress },
        conductorId: this.conductor.life.id,
      }),
    );
    const line = `Fleet call ${id} accepted: ${by.method} on ${counted(nodes.length, 'node')}.`;
    this.logger.log(requestLine(line, { requestId, caller }));
    this.runner.changed();
    return id;
  }

  /** Also if it is so already. @throws FleetCallConflict (409), AuditUnavailable (503) */
  async move(call: StoredFleetCall, to: 'running' | 'paused', identity: RequestIdentity): Promise<void> {
    const decision = this.access.assertControl(call, identity.caller);
    const from = to === 'paused' ? 'running' : 'paused';
    const what = to === 'paused' ? 'paused' : 'resumed';
    if (call.state === to) return;
    if (call.state !== from) throw new FleetCallConflict(call.id, call.state, what);
    await this.change(call, identity, decision.rule, 200, what, () =>
      this.repository.move(call.id, from, to),
    );
  }

  /** @returns the HTTP status. @throws FleetCallConflict (409), AuditUnavailable (503) */
  async cancel(call: StoredFleetCall, identity: RequestIdentity): Promise<200 | 202> {
    const decision = this.access.assertControl(call, identity.caller);
    if (call.state === 'cancelled') return 200;
    if (call.state === 'cancelling') return 202;
    if (call.endedAt !== null) throw new FleetCallConflict(call.id, call.state, 'cancelled');
    const { name } = identity.caller;
    await this.change(call, identity, decision.rule, 202, 'cancelled', () =>
      this.repository.cancel(call.id, name),
    );
    return 202;
  }

  /** @param work tells whether its state was still such that it could be done. */
  private async change(
    { id, method, httpMethod }: StoredFleetCall,
    identity: RequestIdentity,
    rule: string | null,
    status: number,
    what: string,
    work: () => Promise<boolean>,
  ): Promise<void> {
    const subject = { ...identity, action: CONTROL, fleetCall: id, method, httpMethod };
    await this.audit.change(subject, { rule }, status, async () => {
      if (await work()) return;
      const { state = 'finished' } = (await this.repository.find(id)) ?? {};
      throw new FleetCallConflict(id, state, what);
    });
    const { requestId, caller } = identity;
    this.logger.log(requestLine(`Fleet call ${id} is ${what}.`, { requestId, caller }));
    this.runner.changed();
  }

  /**
   * One node of each kind. What is about its conductor may be otherwise when its turn comes, and so may the policy for
   * some of the nodes, whose calls are then refused.
   */
  private async checked(by: FleetCaller, nodes: readonly FleetNode[]): Promise<CheckedCall> {
    let example: PassthruCall | undefined;
    let forbidden: Forbidden | undefined;
    let elsewhere: ServedElsewhere | undefined;
    let absent: Error | undefined;
    // What is secret for one driver is in the arguments for all of them.
    const secretArguments: string[] = [];
    for (const { uuid, count } of kindsOf(nodes)) {
      try {
        example = await this.children.checked(by, uuid);
        secretArguments.push(...example.method.secretArguments);
      } catch (error) {
        if (error instanceof Forbidden) forbidden ??= error;
        else if (error instanceof ServedElsewhere) elsewhere ??= error;
        else if (isOfNode(error)) absent ??= error;
        else throw explained(error, count, uuid);
      }
    }
    if (elsewhere) {
      // The process that makes the calls must have the drivers, as one that gets a forwarded call.
      if (!example) throw elsewhere;
      throw new BadRequest(
        'The nodes are served by different conductors; please make a fleet call for each, for example with the filters conductor_group and driver.',
      );
    }
    if (example) return { rawArgs: example.rawArgs, target: example.target, method: { secretArguments } };
    // Nor could this process make the calls later.
    throw absent ?? forbidden ?? new TypeError('A fleet call without nodes.');
  }
}

/** Of each kind a node, and how many there are. */
function kindsOf(nodes: readonly FleetNode[]): { readonly uuid: string; readonly count: number }[] {
  const kinds = new Map<string, { uuid: string; count: number }>();
  for (const { uuid, kind } of nodes) {
    const known = kinds.get(kind);
    if (known) known.count++;
    else kinds.set(kind, { uuid, count: 1 });
  }
  return [...kinds.values()];
}

function isOfNode(error: unknown): error is Error {
  return (
    error instanceof NoConductor ||
    error instanceof ConductorAbsent ||
    error instanceof NodeNotServed ||
    error instanceof NodeNotFound
  );
}

function explained(error: unknown, count: number, uuid: string): unknown {
  if (!FerruleError.is(error) || error.status !== 400) return error;
  return new InvalidParameterValue(
    `${error.message} This is true for ${counted(count, 'node')}, for example ${uuid}.`,
  );
}
