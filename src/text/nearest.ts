export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((candidate) => ({ candidate, distance: distance(word, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= tolerated(word) ? best.candidate : undefined;
}

/** Of a short word two other letters make another word. */
function tolerated({ length }: string): number {
  return length < 4 ? 1 : Math.max(2, length / 5);
}

/** `; did you mean …?`, or nothing. */
export function hintFor(
  word: string,
  words: readonly string[],
  before = '; did you mean ',
  after = '?',
): string {
  const similar = nearest(word, words);
  return similar === undefined ? '' : `${before}${similar}${after}`;
}

/** `'word' (did you mean …?)` */
export function quotedWithHint(word: string, words: readonly string[]): string {
  return `'${word}'${hintFor(word, words, ' (did you mean ', '?)')}`;
}

function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
