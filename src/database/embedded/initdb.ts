import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { StartError } from '../../config/start-error.js';
import { type Account, identity } from './account.js';
import { type Binaries, environment } from './binaries.js';
import { signalTo } from './process-identity.js';

/** It takes one to three seconds, and some minutes where the disk is very slow. */
const LIMIT_MS = 300_000;

/** Removes the folder if it fails. @param signal kills initdb and the servers that it starts. */
export async function initdb(
  { initdb: program }: Pick<Binaries, 'initdb'>,
  { path, account }: { readonly path: string; readonly account: Account | undefined },
  signal: AbortSignal,
  limit = LIMIT_MS,
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
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, limit);
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const [code, , complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (code === 0) return;
    rmSync(path, { recursive: true, force: true });
    signal.throwIfAborted();
    const problem = isLate ? `it did not end within ${limit / 1_000} s` : complaint.trim();
    throw new StartError(`PostgreSQL's initdb failed in ${path}: ${problem}`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
  }
}
