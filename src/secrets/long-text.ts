/** In characters: reading a part of a longer text can take hundreds of milliseconds, since V8 joins its parts first. */
const MAXIMUM_READ = 4_194_304;

/** The first `most` characters. Of a huge text, of which even that would block other requests, only the length. */
export function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text;
  if (text.length > MAXIMUM_READ) return `(a text of ${text.length} characters, too long to show)`;
  return `${text.slice(0, most)}…`;
}
