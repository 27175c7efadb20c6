import { FileProblem } from '../../files/watched-file.js';
import { Htpasswd } from './htpasswd.js';

/** A user in the text of an htpasswd file. The other lines stay as they are. */
export function withUser(text: string, user: string, hash: string): string {
  return `${ended(withoutUser(text, user))}${user}:${hash}\n`;
}

/** After the last user a comment is left, since the service takes an empty file for a mistake. */
export function withoutUser(text: string, user: string): string {
  // Not to write into a file of another kind.
  new Htpasswd(text);
  const rest = text
    .split(/(?<=\n)/)
    .filter((line) => line.trim().split(':', 1)[0] !== user)
    .join('');
  return rest.trim() === '' && rest !== text ? '# no users\n' : rest;
}

/** @throws FileProblem for names that a line cannot have. */
export function assertUserName(name: string): void {
  if (/[:\p{Cc}]/u.test(name) || name.trim() !== name || name.startsWith('#') || name === '') {
    throw new FileProblem([
      `'${name}' cannot be the name of a user: it must not be empty, begin with #, or have a colon, a space at an end or control characters`,
    ]);
  }
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
