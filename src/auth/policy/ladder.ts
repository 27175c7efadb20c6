import { type Decision } from './decision.js';
import { type Rule } from './rule.js';

/** The rules that may match a question, in order, and the decision if none of them does. */
export class Ladder {
  constructor(
    private readonly steps: readonly {
      readonly rule: Rule;
      readonly decision: Decision;
      readonly doubt: Decision;
    }[],
    private readonly end: Decision,
  ) {}

  /** The decision, if it does not depend on the arguments. */
  get fixed(): Decision | undefined {
    if (this.steps.length === 0) return this.end;
    return this.mayAllow ? undefined : this.end;
  }

  /** Whether it may allow a call, with some arguments. */
  get mayAllow(): boolean {
    return this.end.isAllowed || this.steps.some(({ decision }) => decision.isAllowed);
  }

  /** @param args as the method gets them. */
  decide(args: Readonly<Record<string, unknown>>): Decision {
    for (const { rule, decision, doubt } of this.steps) {
      const verdicts = rule.arguments.map((condition) => condition.verdict(args, rule.isAllowing));
      if (verdicts.includes('fails')) continue;
      return verdicts.includes('unclear') ? doubt : decision;
    }
    return this.end;
  }
}
