import { isJsonObject, type JsonValue } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Caller } from '../../auth/caller.js';
import { type Action } from '../../auth/policy/defaults/actions.js';
import { Denial, Forbidden } from '../../auth/policy/denial.js';
import { type Decision } from '../../auth/policy/rules/decision.js';
import { type Ownership, type Relation } from '../../auth/policy/defaults/personas.js';
import { Policy } from '../../auth/policy/policy.js';
import { NodeHidden } from '../errors.js';
import { type Node } from '../node.js';
import { creationActions } from './creation-actions.js';
import { assertOrderShown } from './hidden-fields.js';
import { type NodeOperation } from '../patch/wanted-patch.js';
import { patchActions } from './patch-actions.js';

type OwnedNode = Ownership & Pick<Node, 'uuid'>;

/** What the policy says about nodes. */
@Injectable()
export class NodeAccess {
  constructor(private readonly policy: Policy) {}

  /** @throws NodeNotFound (404): who may not see a node does not learn that it exists. */
  assertVisible(caller: Caller, node: OwnedNode, text: string): void {
    const decision = this.policy.decide(caller, 'baremetal:node:get', node);
    if (!decision.isAllowed) throw new NodeHidden(text, new Denial(decision, { node: node.uuid }));
  }

  maySee(caller: Caller, node: Ownership): boolean {
    return this.policy.may(caller, 'baremetal:node:get', node);
  }

  /** @throws NodeNotFound (404), Forbidden (403) */
  assert(caller: Caller, action: Action, node: OwnedNode, text: string): void {
    this.assertVisible(caller, node, text);
    this.policy.assert(caller, action, node);
  }

  /** @throws Forbidden (403) */
  permit(caller: Caller, action: Action, node: OwnedNode): Decision {
    return this.policy.assert(caller, action, node);
  }

  /** @throws Forbidden (403) if one of its operations may not be done. */
  permitPatch(caller: Caller, node: Node, operations: readonly NodeOperation[]): Decision[] {
    const policy = this.policy.current;
    return [...patchActions(node, operations)].map((action) => policy.assert(caller, action, node));
  }

  /** @throws Forbidden (403) */
  permitDeletion(caller: Caller, node: OwnedNode): Decision {
    const policy = this.policy.current;
    const ofOwn = policy.decide(caller, 'baremetal:node:delete:self_owned_node', node);
    return ofOwn.isAllowed ? ofOwn : policy.assert(caller, 'baremetal:node:delete', node);
  }

  /**
   * @returns the body of a node to create; who may only create nodes of the own project becomes their owner.
   * @throws Forbidden (403), also if the caller may not set one of its fields.
   */
  permitCreation(
    caller: Caller,
    body: JsonValue,
  ): { readonly body: JsonValue; readonly decisions: readonly Decision[] } {
    const policy = this.policy.current;
    const { decision, owned } = creation(policy, caller, body);
    if (!isJsonObject(owned)) return { body: owned, decisions: [decision] };
    const node = { owner: textOf(owned['owner']), lessee: textOf(owned['lessee']) };
    const ofFields = [...creationActions(owned)].map((action) => {
      const ofField = policy.decide(caller, action, node);
      if (!ofField.isAllowed) throw new Forbidden(ofField);
      return ofField;
    });
    return { body: owned, decisions: [decision, ...ofFields] };
  }

  /**
   * Of which nodes a listing consists.
   * @param sortKey the field by which it is sorted.
   * @throws Forbidden (403) if the caller may not list any, or not in this order.
   */
  listed(caller: Caller, sortKey: string): ReadonlySet<Relation> {
    const policy = this.policy.current;
    const listed = listedRelations(policy, caller);
    assertOrderShown(policy, caller, sortKey, listed);
    return listed;
  }
}

function listedRelations(policy: Policy, caller: Caller): ReadonlySet<Relation> {
  const visible = policy.relations(caller, ['baremetal:node:get']);
  if (policy.may(caller, 'baremetal:node:list_all')) return visible;
  policy.assert(caller, 'baremetal:node:list');
  return new Set([...visible].filter((relation) => relation !== 'none'));
}

function creation(
  policy: Policy,
  caller: Caller,
  body: JsonValue,
): { readonly decision: Decision; readonly owned: JsonValue } {
  const decision = policy.decide(caller, 'baremetal:node:create');
  if (decision.isAllowed) return { decision, owned: body };
  const { projectId } = caller;
  const ofOwn = policy.decide(caller, 'baremetal:node:create:self_owned_node');
  const owner = isJsonObject(body) ? (body['owner'] ?? null) : null;
  if (!ofOwn.isAllowed || projectId === null || (owner !== null && owner !== projectId)) {
    throw new Forbidden(decision);
  }
  return { decision: ofOwn, owned: isJsonObject(body) ? { ...body, owner: projectId } : body };
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
