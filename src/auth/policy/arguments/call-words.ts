import { looseForm, looseForms, wordsOf } from './argument-words.js';

/** The words of an argument. */
export class ArgumentWords {
  readonly words: ReadonlySet<string>;
  private found: readonly (readonly string[])[] | undefined;
  private all: ReadonlySet<string> | undefined;

  /** @param isOpaque nothing can be said about the value. */
  constructor(
    words: readonly string[],
    readonly isOpaque: boolean,
  ) {
    this.words = new Set(words);
  }

  /** The loose forms of all words. */
  get forms(): ReadonlySet<string> {
    return (this.all ??= new Set(this.formsByWord.flat()));
  }

  everyWord(test: (forms: readonly string[]) => boolean): boolean {
    return this.formsByWord.every(test);
  }

  private get formsByWord(): readonly (readonly string[])[] {
    return (this.found ??= [...this.words].map(looseForms));
  }
}

/** The words of the arguments of a call, found once for all conditions of all rules. */
export class CallWords {
  private readonly found = new Map<string, ArgumentWords>();

  /** @param args as the method gets them. */
  constructor(private readonly args: Readonly<Record<string, unknown>>) {}

  /** @param looseName of one argument, or of several that differ in case or form. */
  of(looseName: string): ArgumentWords {
    let words = this.found.get(looseName);
    if (words === undefined) {
      words = this.find(looseName);
      this.found.set(looseName, words);
    }
    return words;
  }

  private find(looseName: string): ArgumentWords {
    const names = Object.keys(this.args).filter((name) => looseForm(name) === looseName);
    const values = names.map((name) => wordsOf(this.args[name]));
    const isOpaque = values.some((value) => value.isOpaque);
    return new ArgumentWords(isOpaque ? [] : values.flatMap((value) => value.words), isOpaque);
  }
}
