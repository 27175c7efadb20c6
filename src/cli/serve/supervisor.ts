import { execFile } from 'node:child_process';
import { type Log } from '../../logging/log.js';

/** Milliseconds for `systemd-notify`. */
const LIMIT = 5_000;

/** What systemd is told in a unit with `Type=notify`. */
export type ServiceState = 'READY=1' | 'STOPPING=1';

/**
 * Tells systemd, if it started this process and waits for it: only then NOTIFY_SOCKET is set. By the program
 * `systemd-notify`, since Node.js has no datagrams over unix sockets; the unit needs `NotifyAccess=all`.
 */
export function tellSystemd(state: ServiceState, env: NodeJS.ProcessEnv, log: Log): void {
  const { NOTIFY_SOCKET: socket, PATH } = env;
  if (!socket) return;
  execFile('systemd-notify', [state], { env: { NOTIFY_SOCKET: socket, PATH }, timeout: LIMIT }, (error) => {
    if (error) log.warn(`systemd was not told ${state}: ${error.message.trim()}`);
  });
}
