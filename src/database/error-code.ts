/** The code of a system error (`ENOENT`) or of PostgreSQL (`57P03`), if the thrown thing has one. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** With a digit, which tells one from a system error of five letters (`EPIPE`). */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** What PostgreSQL itself said, as a SQLSTATE (`23505`); undefined when it said nothing. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && SQLSTATE.test(code) ? code : undefined;
}
