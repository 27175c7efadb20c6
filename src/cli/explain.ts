/** Errors of ours, whose message says everything; a stack would bury it. */
const SELF_EXPLAINING = new Set(['ConfigError', 'MigrationError', 'DatabaseUnreachable']);

/** Why a command failed, for people. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (SELF_EXPLAINING.has(error.name)) return error.message;
  return 'code' in error ? systemError(error) : (error.stack ?? error.message);
}

function systemError(error: Error & { code: unknown }): string {
  const where =
    'address' in error && 'port' in error ? ` (${String(error.address)}, port ${String(error.port)})` : '';
  switch (error.code) {
    case 'EADDRINUSE':
      return `The address to listen on is taken${where}: is another Ferrule running? FERRULE_PORT sets another port.`;
    case 'EADDRNOTAVAIL':
      return `This machine has no such address to listen on${where}; see FERRULE_HOST.`;
    default:
      return error.message;
  }
}
