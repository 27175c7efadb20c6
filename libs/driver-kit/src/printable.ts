/** Shows control characters as `\\u001b`, since a terminal would obey them. @param kept those that stay. */
export function printable(text: string, kept = ''): string {
  return text.replaceAll(/\p{Cc}/gu, (character) =>
    kept.includes(character) ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
