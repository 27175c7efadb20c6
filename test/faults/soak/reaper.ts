import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Ends the processes that work in some folders, at the latest when this process has ended, in whatever way. */
export class Reaper {
  private constructor(private readonly child: ChildProcess) {}

  static start(): Reaper {
    // In a session of its own: what is sent to the group of this process, or typed on its terminal, does not reach it.
    const child = spawn(process.execPath, [join(import.meta.dirname, 'reaper-process.mjs')], {
      stdio: ['pipe', 'ignore', 'inherit'],
      detached: true,
    });
    return new Reaper(child);
  }

  /** The folder is removed, too. */
  add(folder: string): void {
    this.child.stdin?.write(`${folder}\n`);
  }

  async end(): Promise<void> {
    const { child } = this;
    child.stdin?.end();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    if (child.exitCode !== 0) throw new Error('Not all processes have ended.');
  }
}
