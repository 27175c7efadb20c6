import { type Caller } from '../caller.js';
import { type Action, type CallAction } from './defaults/actions.js';
import { Forbidden } from './denial.js';
import { type Decision } from './rules/decision.js';
import { type MatchingRules } from './rules/matching-rules.js';
import {
  type Ownership,
  type PersonaSet,
  type Relation,
  relationOf,
  RELATIONS,
} from './defaults/personas.js';
import { type CalledMethod, type Rule } from './rules/rule.js';
import { Rules } from './rules/rules.js';

/** Who may do what: the rules of FERRULE_POLICY, and Ironic's defaults for what none of them decides. */
export class Policy {
  /** @param read gives the rules that are in force now; the same object as long as they do not change. */
  constructor(private readonly read: () => Rules) {}

  static defaults(serviceProject?: string): Policy {
    return Policy.of(new Rules([], serviceProject));
  }

  private static of(rules: Rules): Policy {
    return new Policy(() => rules);
  }

  /** With the rules as they are now, for several decisions that belong together. */
  get current(): Policy {
    return Policy.of(this.read());
  }

  /** Those of the file, in their order. */
  get rules(): readonly Rule[] {
    return this.read().list;
  }

  personas(caller: Caller, node: Ownership | null): PersonaSet {
    return this.read().personasOf(caller, relationOf(caller, node));
  }

  /** @param node null for an action that is not on a node. */
  decide(caller: Caller, action: Action, node: Ownership | null = null): Decision {
    return this.read().decide(caller, action, relationOf(caller, node));
  }

  may(caller: Caller, action: Action, node: Ownership | null = null): boolean {
    return this.decide(caller, action, node).isAllowed;
  }

  /** @throws Forbidden (403) */
  assert(
    caller: Caller,
    action: Action,
    node: (Ownership & { readonly uuid: string }) | null = null,
  ): Decision {
    const decision = this.decide(caller, action, node);
    if (!decision.isAllowed) throw new Forbidden(decision, node ? { node: node.uuid } : {});
    return decision;
  }

  /** @param method null before it is known: then rules for certain methods do not count. */
  rulesFor(
    caller: Caller,
    action: CallAction,
    {
      driver,
      method,
      node,
    }: { readonly driver: string; readonly method: CalledMethod | null; readonly node: Ownership | null },
  ): MatchingRules {
    return this.read().rulesFor(caller, action, driver, method, relationOf(caller, node));
  }

  /** The first decision against an action on nodes in these relations; undefined if there is none. */
  refusal(caller: Caller, action: Action, relations: readonly Relation[]): Decision | undefined {
    const rules = this.read();
    return relations
      .map((relation) => rules.decide(caller, action, relation))
      .find(({ isAllowed }) => !isAllowed);
  }

  /** What the caller's project must be to a node for the caller to be allowed all of the actions. */
  relations(caller: Caller, actions: readonly Action[]): ReadonlySet<Relation> {
    const rules = this.read();
    return new Set(
      RELATIONS.filter((relation) =>
        actions.every((action) => rules.decide(caller, action, relation).isAllowed),
      ),
    );
  }
}
