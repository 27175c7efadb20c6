/** The code of a system error (`ENOENT`) or of PostgreSQL (`57P03`), if the thrown thing has one. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
