import { randomUUID } from 'node:crypto';
import { FerruleError, InvalidParameterValue, type JsonValue } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type AuditSubject } from '../../audit/audit-record.js';
import { Forbidden } from '../../auth/policy/denial.js';
import { type RequestIdentity } from '../../auth/request-identity.js';
import { ServedElsewhere } from '../../forwarding/served-elsewhere.js';
import { BadRequest } from '../../http/errors.js';
import { ConductorAbsent, NoConductor, NodeNotFound, NodeNotServed } from '../../nodes/errors.js';
import { type SelectedNode } from '../../nodes/list/node-selection.js';
import { maskableArguments } from '../../passthru/call/call-audit.js';
import { type PassthruCall } from '../../passthru/call/passthru-call.js';
import { type Maskable } from '../../secrets/maskable.js';
import { counted } from '../../text/counted.js';
import { type FleetRequest } from '../fleet-call.js';
import { CREATE, FleetAccess } from '../fleet-access.js';
import { NodeCalls } from '../node-calls.js';
import { AskedNodes } from './asked-nodes.js';
import { type FleetCallBody, fleetCallBody } from './fleet-call-body.js';

/** A fleet call that may be made. */
export interface FleetPlan {
  readonly body: FleetCallBody;
  readonly by: FleetRequest;
  readonly nodes: readonly SelectedNode[];
  readonly subject: AuditSubject;
  /** For the audit. */
  readonly details: { readonly arguments: Maskable | undefined; readonly rule: string | null };
}

/** Nodes whose calls the same driver and policy decide about. */
interface NodeKind {
  readonly example: SelectedNode;
  count: number;
}

/** Checks what can be known of a fleet call before its nodes have their turns. */
@Injectable()
export class FleetPlans {
  constructor(
    private readonly access: FleetAccess,
    private readonly nodes: AskedNodes,
    private readonly nodeCalls: NodeCalls,
  ) {}

  /**
   * @throws BadRequest, InvalidParameterValue (400), Forbidden (403), NotAcceptable (406), ServedElsewhere: this process
   * can make none of its calls.
   */
  async plan(json: JsonValue, microversion: number, identity: RequestIdentity): Promise<FleetPlan> {
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
    return { body, by, nodes, subject, details: { arguments: await this.checked(by, nodes), rule } };
  }

  /**
   * One node of each kind. What is about its conductor may be otherwise when its turn comes, and so may the policy for
   * some of the nodes, whose calls are then refused.
   * @returns the arguments without what is secret for one of the drivers.
   */
  private async checked(by: FleetRequest, nodes: readonly SelectedNode[]): Promise<Maskable | undefined> {
    let made: PassthruCall | undefined;
    let forbidden: Forbidden | undefined;
    let elsewhere: ServedElsewhere | undefined;
    let absent: Error | undefined;
    const secretArguments: string[] = [];
    const kinds = kindsOf(nodes, by.caller.projectId);
    for (const kind of kinds) {
      try {
        made = await this.nodeCalls.checked(by, kind.example.uuid);
        secretArguments.push(...made.method.secretArguments);
      } catch (error) {
        if (error instanceof Forbidden) forbidden ??= error;
        else if (error instanceof ServedElsewhere) elsewhere ??= error;
        else if (isOfNode(error)) absent ??= error;
        else throw explained(error, kind);
      }
    }
    // The process that makes the calls must have the drivers, as one that gets a forwarded call.
    if (elsewhere) throw made ? differentConductors(kinds) : elsewhere;
    // This process could not make the calls later either.
    if (!made) throw absent ?? forbidden ?? new TypeError('A fleet call without nodes.');
    const { rawArgs, target } = made;
    return maskableArguments({ rawArgs, target, method: { secretArguments } });
  }
}

function kindsOf(nodes: readonly SelectedNode[], projectId: string | null): readonly NodeKind[] {
  const kinds = new Map<string, NodeKind>();
  for (const node of nodes) {
    const { driver, vendorInterface, conductorGroup, owner, lessee } = node;
    const ownership = [owner === projectId, lessee === projectId];
    const key = JSON.stringify([driver, vendorInterface, conductorGroup, ...ownership]);
    const known = kinds.get(key);
    if (known) known.count++;
    else kinds.set(key, { example: node, count: 1 });
  }
  return [...kinds.values()];
}

function differentConductors(kinds: readonly NodeKind[]): BadRequest {
  const counts = new Map<string, number>();
  for (const { example, count } of kinds) {
    const { driver, conductorGroup: group } = example;
    const text = `driver ${driver} ${group === '' ? 'without a conductor group' : `in conductor group "${group}"`}`;
    counts.set(text, (counts.get(text) ?? 0) + count);
  }
  const parts = [...counts].map(([text, count]) => `${counted(count, 'node')} of ${text}`);
  return new BadRequest(
    `The nodes are served by different conductors: ${parts.join(', ')}. Please make a fleet call for each, for example with the filters conductor_group and driver.`,
  );
}

function isOfNode(error: unknown): error is Error {
  return (
    error instanceof NoConductor ||
    error instanceof ConductorAbsent ||
    error instanceof NodeNotServed ||
    error instanceof NodeNotFound
  );
}

function explained(error: unknown, { count, example: { uuid, name } }: NodeKind): unknown {
  if (!FerruleError.is(error) || error.status !== 400) return error;
  return new InvalidParameterValue(
    `${error.message} This is true for ${counted(count, 'node')}, for example ${name === null ? uuid : `${name} (${uuid})`}.`,
  );
}
