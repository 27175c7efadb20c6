import { type Verdict } from '../arguments/argument-condition.js';
import { CallWords } from '../arguments/call-words.js';
import { type Decision } from './decision.js';
import { type Rule } from './rule.js';

export interface Step {
  readonly rule: Rule;
  readonly decision: Decision;
  readonly doubt: Decision;
}

/** The rules that may match a question, in order, and the decision if none of them does. */
export class MatchingRules {
  /** Whether it may allow a call, with some arguments. */
  readonly mayAllow: boolean;
  /** The decision, if it does not depend on the arguments. */
  readonly fixed: Decision | undefined;

  constructor(
    private readonly steps: readonly Step[],
    private readonly end: Decision,
  ) {
    this.mayAllow = this.forSomeArguments.isAllowed;
    this.fixed = steps.length === 0 || !this.mayAllow ? end : undefined;
  }

  /** The decision about all calls together, whatever their arguments: allowed only if no condition could deny one. */
  get forAnyArguments(): Decision {
    return this.steps.find(({ decision }) => !decision.isAllowed)?.decision ?? this.end;
  }

  /** The decision about calls with the arguments that suit it best: denied only if none could be allowed. */
  get forSomeArguments(): Decision {
    return this.steps.find(({ decision }) => decision.isAllowed)?.decision ?? this.end;
  }

  /** @param args as the method gets them. */
  decide(args: Readonly<Record<string, unknown>>): Decision {
    if (this.steps.length === 0) return this.end;
    const words = new CallWords(args);
    for (const { rule, decision, doubt } of this.steps) {
      const verdict = verdictOf(rule, words);
      if (verdict !== 'fails') return verdict === 'holds' ? decision : doubt;
    }
    return this.end;
  }
}

/** Of all its conditions together. */
function verdictOf({ arguments: conditions, isAllowing }: Rule, words: CallWords): Verdict {
  let isUnclear = false;
  for (const condition of conditions) {
    const verdict = condition.verdict(words, isAllowing);
    if (verdict === 'fails') return 'fails';
    isUnclear ||= verdict === 'unclear';
  }
  return isUnclear ? 'unclear' : 'holds';
}
