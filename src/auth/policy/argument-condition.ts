import { looseForm, looseForms, wordsOf } from './argument-words.js';

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
    readonly listed: readonly string[],
  ) {
    this.exact = new Set(listed);
    this.loose = new Set(listed.map(looseForm));
    this.looseName = looseForm(argument);
  }

  /** @param args as the method gets them. @param isAllowing whether the rule allows or denies. */
  verdict(args: Readonly<Record<string, unknown>>, isAllowing: boolean): Verdict {
    const names = Object.keys(args).filter((name) => looseForm(name) === this.looseName);
    const values = names.map((name) => wordsOf(args[name]));
    if (values.some(({ isOpaque }) => isOpaque)) return 'unclear';
    const words = values.flatMap((value) => value.words);
    const exactly = this.holds(words, (word) => this.exact.has(word));
    const loosely = this.holds(words, (word) => looseForms(word).some((form) => this.loose.has(form)));
    const holds = isAllowing ? exactly && loosely : exactly || loosely;
    return holds ? 'holds' : 'fails';
  }

  private holds(words: readonly string[], isListed: (word: string) => boolean): boolean {
    switch (this.comparison) {
      case 'none_of':
        return !words.some(isListed);
      case 'any_of':
        return words.some(isListed);
      case 'only':
        return words.every(isListed);
    }
  }
}
