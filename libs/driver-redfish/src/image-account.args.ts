/** The account at the server of an image. */
interface ImageAccount {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export const NAMELESS = { path: ['password'], message: 'a password needs a username' };

export function hasNameForPassword({ username, password }: ImageAccount): boolean {
  return password === undefined || username !== undefined;
}
