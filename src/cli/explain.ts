/** Shown without a stack. */
const SELF_EXPLAINING = new Set([
  'ConfigError',
  'StartError',
  'MigrationError',
  'ClientError',
  'AnsweredError',
]);

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
      return `The address to listen on is in use${where}: is another Ferrule running? Set FERRULE_PORT to another port.`;
    case 'EADDRNOTAVAIL':
      return `This machine does not have the address to listen on${where}. Set FERRULE_HOST to one of its addresses.`;
    case 'EACCES':
      if (field(error, 'syscall') !== 'listen') return error.message;
      return `This user may not listen on the port${where}: ports below 1024 are for root. Set FERRULE_PORT to another port.`;
    case 'EPIPE':
      return 'The program that reads the output ended before all was written.';
    default:
      return error.message;
  }
}

function field(error: Error, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
