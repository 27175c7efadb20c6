import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type ParentMessage, type StandbyMessage } from './standby.js';

/** Milliseconds that a service has for stopping before it is killed. */
const PATIENCE_MS = 3_000;

/** How the process of a service is started. */
export interface ServiceCommand {
  /** That a user starts as `ferrule`. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** The executable of Node. Default: that of this process. */
  readonly node?: string;
}

/** A service in a process of its own that has loaded its code before it is needed. */
export class ServiceProcess {
  private readonly child: ChildProcess;
  private readonly exit: Promise<unknown>;
  private readonly ready: Promise<unknown>;
  private error: Error | undefined;
  /** Settles when another service can listen on its port; it may still be closing the rest. */
  readonly portFree: Promise<unknown>;

  constructor({ program, env, node = process.execPath }: ServiceCommand) {
    this.child = fork(program, ['serve', '--standby'], { env, execPath: node, execArgv: process.execArgv });
    // A process that could not be started has no exit.
    this.exit = once(this.child, 'exit').catch(() => undefined);
    this.child.on('error', (error) => (this.error ??= error));
    this.ready = Promise.race([this.told('ready'), this.exit]);
    this.portFree = Promise.race([this.told('closed'), this.exit]);
  }

  /**
   * @param portFree when the service may listen; it starts everything else before.
   * @param signal ends a service that does not listen yet.
   * @returns whether it listens; otherwise it has ended, and has said why unless it was ended by the signal or could not
   * be started.
   */
  async start(
    how: { readonly hints: boolean },
    portFree: Promise<unknown>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const kill = (): void => void this.child.kill('SIGKILL');
    if (signal.aborted) kill();
    else signal.addEventListener('abort', kill, { once: true });
    try {
      await this.ready;
      const listening = this.told('listening').then(() => true);
      this.send({ start: how });
      await Promise.race([portFree, this.exit]);
      this.send({ listen: true });
      return await Promise.race([listening, this.exit.then(() => false)]);
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  /** Why the process could not be started. */
  get failure(): string | undefined {
    return this.child.pid === undefined ? (this.error?.message ?? 'no reason is known') : undefined;
  }

  get hasEnded(): boolean {
    return this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
    await this.exit;
    clearTimeout(timer);
  }

  /** Calls back if the service ends without being stopped. */
  onEnd(listener: () => void): void {
    this.child.once('exit', listener);
  }

  private send(message: ParentMessage): void {
    if (this.child.connected) this.child.send(message);
  }

  private told(key: 'ready' | 'listening' | 'closed'): Promise<void> {
    return new Promise((resolve) => {
      const listener = (message: StandbyMessage): void => {
        if (!(key in message)) return;
        this.child.off('message', listener);
        resolve();
      };
      this.child.on('message', listener);
    });
  }
}
