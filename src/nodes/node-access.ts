import { isJsonObject, type JsonValue } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Caller } from '../auth/caller.js';
import { type Action } from '../auth/policy/actions.js';
import { Forbidden } from '../auth/policy/decision.js';
import { type Ownership, type Relation } from '../auth/policy/personas.js';
import { Policy } from '../auth/policy/policy.js';
import { NodeHidden } from './errors.js';
import { type Node } from './node.js';
import { type PatchOperation } from './patch/json-patch.js';
import { patchActions } from './patch/patch-actions.js';

type OwnedNode = Ownership & Pick<Node, 'uuid'>;

/** What the policy says about nodes. */
@Injectable()
export class NodeAccess {
  constructor(private readonly policy: Policy) {}

  /** @throws NodeNotFound (404): who may not see a node does not learn that it exists. */
  assertVisible(caller: Caller, node: OwnedNode, text: string): void {
    const decision = this.policy.decide(caller, 'baremetal:node:get', node);
    if (!decision.isAllowed) throw new NodeHidden(text, { decision, node: node.uuid });
  }

  maySee(caller: Caller, node: Ownership): boolean {
    return this.policy.may(caller, 'baremetal:node:get', node);
  }

  /** @throws NodeNotFound (404), Forbidden (403) */
  assert(caller: Caller, action: Action, node: OwnedNode, text: string): void {
    this.assertVisible(caller, node, text);
    this.policy.assert(caller, action, node);
  }

  /** @throws Forbidden (403) if one of its operations may not be done. */
  assertPatch(caller: Caller, node: Node, operations: readonly PatchOperation[]): void {
    for (const action of patchActions(node, operations)) this.policy.assert(caller, action, node);
  }

  /** @throws Forbidden (403) */
  assertDelete(caller: Caller, node: OwnedNode): void {
    if (this.policy.may(caller, 'baremetal:node:delete:self_owned_node', node)) return;
    this.policy.assert(caller, 'baremetal:node:delete', node);
  }

  /**
   * @returns the body of a node to create; who may only create nodes of the own project becomes their owner.
   * @throws Forbidden (403)
   */
  bodyToCreate(caller: Caller, body: JsonValue): JsonValue {
    const decision = this.policy.decide(caller, 'baremetal:node:create');
    if (decision.isAllowed) return body;
    const { projectId } = caller;
    const isOwn = projectId !== null && this.policy.may(caller, 'baremetal:node:create:self_owned_node');
    const owner = isJsonObject(body) ? (body['owner'] ?? null) : null;
    if (!isOwn || (owner !== null && owner !== projectId)) throw new Forbidden(decision);
    return isJsonObject(body) ? { ...body, owner: projectId } : body;
  }

  /** Of which nodes a listing consists. @throws Forbidden (403) if the caller may not list any. */
  listed(caller: Caller): ReadonlySet<Relation> {
    const visible = this.policy.relations(caller, ['baremetal:node:get']);
    if (this.policy.may(caller, 'baremetal:node:list_all')) return visible;
    this.policy.assert(caller, 'baremetal:node:list');
    return new Set([...visible].filter((relation) => relation !== 'none'));
  }
}
