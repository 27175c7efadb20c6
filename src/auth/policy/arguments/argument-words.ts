/** Values of arguments as words, so that rules can compare them with lists. */

/** What a value consists of: the member names of an object at all depths, the items of a list, or the value itself. */
export interface Words {
  readonly words: readonly string[];
  /** A part has no words, for example an instance of a class, so nothing can be said about the value. */
  readonly isOpaque: boolean;
}

interface Part {
  readonly value: unknown;
  /** Values of the members of an object count only inside a list, where objects often name things by a member. */
  readonly isCounted: boolean;
}

export function wordsOf(value: unknown): Words {
  const words: string[] = [];
  let isOpaque = false;
  // Not recursive: arguments may be nested deeper than the stack is.
  const parts: Part[] = [{ value, isCounted: true }];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { value: each, isCounted } = part;
    if (Array.isArray(each)) {
      for (const item of each) parts.push({ value: item, isCounted: true });
    } else if (isPlainObject(each)) {
      for (const [name, member] of Object.entries(each)) {
        words.push(name);
        parts.push({ value: member, isCounted: isCounted && each !== value });
      }
    } else if (isScalar(each)) {
      if (isCounted) words.push(String(each));
    } else if (each !== undefined) isOpaque = true;
  }
  return { words, isOpaque };
}

type Scalar = string | number | boolean | bigint | null;

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const BETWEEN_TOKENS = /[^\p{L}\p{N}_-]+/u;

/** Zero-width spaces, soft hyphens, marks of direction and the like. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu;

const SINGLE_TOKEN = /^[\w-]*$/;

/**
 * Spellings of a word that may mean the same: without regard to case and form, whole and in parts, as in
 * `Boot/SecureBoot=On`.
 */
export function looseForms(word: string): string[] {
  const loose = looseForm(word);
  const forms = SINGLE_TOKEN.test(loose) ? [loose] : [loose, ...loose.split(BETWEEN_TOKENS)];
  // What cannot be seen may also stand between two words.
  const visible = word.replaceAll(INVISIBLE, ' ');
  return visible === word ? forms : [...forms, ...looseForm(visible).split(BETWEEN_TOKENS)];
}

export function looseForm(word: string): string {
  return word.replaceAll(INVISIBLE, '').normalize('NFKC').trim().toLowerCase();
}
