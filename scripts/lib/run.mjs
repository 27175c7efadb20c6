import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ROOT } from './paths.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Milliseconds that an interrupted program has to end, before it is killed with its children. */
const PATIENCE_MS = 5_000;

/**
 * Runs a program and returns its exit code. A signal to this process goes to the program and its children, and ends
 * this process once they have ended.
 */
export function run(program, args, { env = process.env } = {}) {
  return new Promise((resolve) => {
    // A process group of its own, so that its children can be signalled, too.
    const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', env, detached: true });
    const kill = () => signalGroup(child, 'SIGKILL');
    let received;
    let timer;
    const pass = (signal) => {
      received = signal;
      signalGroup(child, signal);
      timer ??= setTimeout(kill, PATIENCE_MS);
    };
    const end = (code) => {
      clearTimeout(timer);
      process.off('exit', kill);
      for (const signal of SIGNALS) process.off(signal, pass);
      if (received === undefined) {
        resolve(code);
        return;
      }
      // Children of the program that did not end with it.
      kill();
      process.exit(128 + constants.signals[received]);
    };
    for (const signal of SIGNALS) process.on(signal, pass);
    // A program beside this one may be the first to end this process.
    process.once('exit', kill);
    child.once('error', (error) => {
      console.error(`${program} cannot be run: ${error.message}`);
      end(1);
    });
    child.once('exit', (code) => end(code ?? 1));
  });
}

export const runNode = (file, args, options) => run(process.execPath, [file, ...args], options);

function signalGroup({ pid }, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
