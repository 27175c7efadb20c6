import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { StartError } from '../../config/start-error.js';
import { type Account, identity } from './account.js';
import { type Binaries, environment } from './binaries.js';
import { signalTo } from './process-identity.js';

/** Removes the folder if it fails. @param signal kills initdb and the servers that it starts. */
export async function initdb(
  { initdb: program }: Binaries,
  { path, account }: { readonly path: string; readonly account: Account | undefined },
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(
    program,
    // Access is controlled by the folder of the socket, so no password is needed.
    ['-D', path, '-U', 'ferrule', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions'],
    // A process group of its own: out of reach of Ctrl-C, and killed with its children.
    {
      cwd: '/',
      env: environment(program),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...identity(account),
    },
  );
  const kill = (): void => {
    if (child.pid !== undefined) signalTo(-child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', kill, { once: true });
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const [code, , complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (code === 0) return;
    rmSync(path, { recursive: true, force: true });
    signal.throwIfAborted();
    throw new StartError(`PostgreSQL's initdb failed in ${path}: ${complaint.trim()}`);
  } finally {
    signal.removeEventListener('abort', kill);
  }
}
