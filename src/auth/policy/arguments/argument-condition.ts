import { looseForm } from './argument-words.js';
import { type ArgumentWords, type CallWords } from './call-words.js';

/** `none_of`: it has none of the words. `any_of`: it has at least one. `only`: it has no other. */
export const COMPARISONS = ['none_of', 'any_of', 'only'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** `unclear`: nothing can be said about the value. */
export type Verdict = 'holds' | 'fails' | 'unclear';

/**
 * What a rule demands of an argument. Words are compared as they are written and loosely; where the two differ, the
 * outcome is the one with which the rule allows less.
 */
export class ArgumentCondition {
  private readonly exact: ReadonlySet<string>;
  private readonly loose: ReadonlySet<string>;
  private readonly looseName: string;

  constructor(
    readonly argument: string,
    readonly comparison: Comparison,
    listed: readonly string[],
  ) {
    this.exact = new Set(listed);
    this.loose = new Set(listed.map(looseForm));
    this.looseName = looseForm(argument);
  }

  /** @param isAllowing whether the rule allows or denies. */
  verdict(args: CallWords, isAllowing: boolean): Verdict {
    const found = args.of(this.looseName);
    if (found.isOpaque) return 'unclear';
    const exactly = this.holdsExactly(found);
    // The other comparison could not change the outcome.
    if (exactly !== isAllowing) return exactly ? 'holds' : 'fails';
    return this.holdsLoosely(found) ? 'holds' : 'fails';
  }

  private holdsExactly({ words }: ArgumentWords): boolean {
    if (this.comparison === 'only') return isSubset(words, this.exact);
    return meet(this.exact, words) === (this.comparison === 'any_of');
  }

  private holdsLoosely(found: ArgumentWords): boolean {
    if (this.comparison === 'only')
      return found.everyWord((forms) => forms.some((form) => this.loose.has(form)));
    return meet(this.loose, found.forms) === (this.comparison === 'any_of');
  }
}

function meet(few: ReadonlySet<string>, many: ReadonlySet<string>): boolean {
  for (const word of few) if (many.has(word)) return true;
  return false;
}

function isSubset(words: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  for (const word of words) if (!all.has(word)) return false;
  return true;
}
