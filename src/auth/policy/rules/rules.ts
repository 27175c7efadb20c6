import { type Caller } from '../../caller.js';
import { type Action, defaultPersonas } from '../defaults/actions.js';
import { type Decision } from './decision.js';
import { MatchingRules, type Step } from './matching-rules.js';
import { type PersonaSet, personasOf, type Relation } from '../defaults/personas.js';
import { type CalledMethod, mismatch, type Question, type Rule } from './rule.js';

type ByRelation<T> = Readonly<Record<Relation, T>>;

/** What was found for a caller is kept as long as the caller, so that most decisions are a look-up. */
interface Known {
  readonly personas: ByRelation<PersonaSet>;
  readonly actions: Map<Action, ByRelation<MatchingRules>>;
  /** By driver, then by method. */
  readonly calls: Map<Action, Map<string, Map<CalledMethod, ByRelation<MatchingRules>>>>;
}

/** The rules of a policy file in their order, and the defaults behind them. */
export class Rules {
  private readonly known = new WeakMap<Caller, Known>();

  /** @param serviceProject FERRULE_SERVICE_PROJECT */
  constructor(
    readonly list: readonly Rule[],
    private readonly serviceProject?: string,
  ) {}

  personasOf(caller: Caller, relation: Relation): PersonaSet {
    return personasOf(caller, relation, this.serviceProject);
  }

  decide(caller: Caller, action: Action, relation: Relation): Decision {
    const { actions, personas } = this.of(caller);
    let matching = actions.get(action);
    if (matching === undefined) {
      matching = byRelation((each) => this.matching({ caller, action, personas: personas[each] }));
      actions.set(action, matching);
    }
    return matching[relation].decide({});
  }

  /** @param method null before it is known: then rules for certain methods do not count. */
  rulesFor(
    caller: Caller,
    action: Action,
    driver: string,
    method: CalledMethod | null,
    relation: Relation,
  ): MatchingRules {
    const { calls, personas } = this.of(caller);
    // Not kept: a request may name any driver.
    if (method === null) return this.matching({ caller, action, driver, personas: personas[relation] });
    const drivers = entry(
      calls,
      action,
      () => new Map<string, Map<CalledMethod, ByRelation<MatchingRules>>>(),
    );
    const methods = entry(drivers, driver, () => new Map<CalledMethod, ByRelation<MatchingRules>>());
    const matching = entry(methods, method, () =>
      byRelation((each) => this.matching({ caller, action, driver, method, personas: personas[each] })),
    );
    return matching[relation];
  }

  private of(caller: Caller): Known {
    let known = this.known.get(caller);
    if (known === undefined) {
      known = {
        personas: byRelation((relation) => this.personasOf(caller, relation)),
        actions: new Map(),
        calls: new Map(),
      };
      this.known.set(caller, known);
    }
    return known;
  }

  private matching(question: Question): MatchingRules {
    const { action, personas } = question;
    const steps: Step[] = [];
    for (const rule of this.list) {
      if (mismatch(rule, question) !== undefined) continue;
      const decision = { action, isAllowed: rule.isAllowing, rule: rule.name };
      if (rule.arguments.length === 0) return new MatchingRules(steps, decision);
      steps.push({ rule, decision, doubt: { ...decision, isAllowed: false } });
    }
    const isAllowed = (defaultPersonas(action) & personas) !== 0;
    return new MatchingRules(steps, { action, isAllowed, rule: null });
  }
}

function byRelation<T>(make: (relation: Relation) => T): ByRelation<T> {
  return { none: make('none'), owner: make('owner'), lessee: make('lessee'), both: make('both') };
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
