const MOST_SHOWN = 5;
const MOST_SIMILAR = 3;
/** Of the pairs of letters of two names, the share that both have, from which on they are similar. */
const SIMILAR = 0.6;

/** The unknown names, cut short. */
export function shortened(names: readonly string[]): string {
  const more = names.length - MOST_SHOWN;
  return names.slice(0, MOST_SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** A sentence with the known names that are similar to those that are unknown; empty if none is. */
export function similar(unknown: readonly string[], known: readonly string[]): string {
  const pairsOfKnown = known.map((name) => ({ name, pairs: pairsOf(name) }));
  const found = unknown.slice(0, MOST_SHOWN).flatMap((wanted) => {
    const pairs = pairsOf(wanted);
    return pairsOfKnown
      .map((each) => ({ name: each.name, share: shareOf(pairs, each.pairs) }))
      .filter(({ share }) => share >= SIMILAR)
      .sort((a, b) => b.share - a.share)
      .slice(0, MOST_SIMILAR)
      .map(({ name }) => name);
  });
  return found.length === 0 ? '' : ` Similar: ${[...new Set(found)].join(', ')}.`;
}

function pairsOf(name: string): ReadonlySet<string> {
  const letters = name.toLowerCase();
  return new Set(
    Array.from({ length: Math.max(0, letters.length - 1) }, (_, at) => letters.slice(at, at + 2)),
  );
}

function shareOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const both = [...one].filter((pair) => other.has(pair)).length;
  return (2 * both) / (one.size + other.size);
}
