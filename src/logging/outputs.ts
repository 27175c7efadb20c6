import { withLimit } from '../waiting/with-limit.js';

/** What is written in the background. */
interface Output {
  flush(done: (error?: Error | null) => void): void;
}

/** Those of this process. */
export const outputs = new Set<Output>();

/**
 * Waits until everything is written.
 * @param limit milliseconds, for a pipe that nobody reads. On a full disk it fails at once.
 * @returns whether it is.
 */
export async function outputsWritten(limit: number): Promise<boolean> {
  const all = [...outputs].map((output) => written(output));
  try {
    await withLimit(Promise.all(all), limit, 'Nobody reads the log.');
    return true;
  } catch {
    return false;
  }
}

function written(output: Output): Promise<void> {
  return new Promise((resolve, reject) => {
    output.flush((error) => {
      if (!error || isHarmless(error)) resolve();
      else reject(error);
    });
  });
}

/** Whoever read the log has gone; or everything was written to a pipe or a terminal, which has no disk to wait for. */
function isHarmless(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.syscall === 'fsync';
}
