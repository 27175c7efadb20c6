import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection } from '../sessions/connection.js';
import { isStartedWith } from './process-identity.js';

/** Where the server on the data directory answers; undefined if none runs. Starts and changes nothing. */
export function runningServer(dataDir: string): Connection | undefined {
  try {
    const file = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
    const [pid = '', folder = '', , port = '', socket = ''] = file.split('\n');
    if (!isStartedWith(Number(pid), '-D', folder) || socket === '') return undefined;
    return { host: socket, port: Number(port), user: 'ferrule', database: 'ferrule' };
  } catch {
    return undefined;
  }
}
