/** Errors whose message says everything: a stack would bury it. */
const SELF_EXPLAINING = new Set(['ConfigError', 'StartError', 'MigrationError']);

/** Why a command failed, for people. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (SELF_EXPLAINING.has(error.name)) return error.message;
  return 'code' in error ? systemError(error) : (error.stack ?? error.message);
}

function systemError(error: Error & { code: unknown }): string {
  const [address, port] = [field(error, 'address'), field(error, 'port')];
  const where = address === '' ? '' : ` (${address}, port ${port})`;
  switch (error.code) {
    case 'EADDRINUSE':
      return `The address to listen on is taken${where}: is another Ferrule running? FERRULE_PORT sets another port.`;
    case 'EADDRNOTAVAIL':
      return `This machine has no such address to listen on${where}: set FERRULE_HOST to one that it has.`;
    case 'EACCES':
      if (field(error, 'syscall') !== 'listen') return error.message;
      return `This user may not listen there${where}: ports below 1024 are for root. FERRULE_PORT sets another port.`;
    default:
      return error.message;
  }
}

function field(error: Error, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
