import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpClient } from './http-client.js';
import { copyPreparedData } from './prepared-data.js';

const PROGRAM = resolve(import.meta.dirname, '../../bin/ferrule.mjs');

/** Milliseconds; a cold machine first creates a database cluster. */
const READY_MS = 120_000;

export class Service {
  private output = '';
  private client: HttpClient | undefined;

  constructor(
    private readonly child: ChildProcess,
    readonly dataDir: string,
  ) {
    // It may have ended while a key was typed.
    child.stdin?.on('error', () => {});
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get log(): string {
    return this.output;
  }

  get http(): HttpClient {
    if (this.client) return this.client;
    throw new Error('The service is not ready.');
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async ready(): Promise<this> {
    for (const deadline = Date.now() + READY_MS; !(await this.isReady()); await delay(20)) {
      if (!this.hasEnded && Date.now() < deadline) continue;
      this.child.kill('SIGKILL');
      throw new Error(`The service did not start:\n${this.output}`);
    }
    return this;
  }

  async ended(): Promise<number | NodeJS.Signals | null> {
    if (!this.hasEnded) await once(this.child, 'exit');
    this.client?.close();
    return this.child.exitCode ?? this.child.signalCode;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends SIGINT to the process group, as a terminal does. The service must have one of its own. */
  pressCtrlC(): void {
    if (!this.hasEnded) process.kill(-this.pid, 'SIGINT');
  }

  /** Types on its terminal. */
  type(keys: string): void {
    this.child.stdin?.write(keys);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    this.kill(signal);
    return this.ended();
  }

  private async isReady(): Promise<boolean> {
    const url = /Listening on (http:\/\/[\d.:[\]a-f]+\d)/.exec(this.output)?.[1];
    if (url === undefined) return false;
    this.client ??= new HttpClient(url);
    const answer = await this.client.get('/readyz').catch(() => undefined);
    return answer?.status === 200;
  }
}

/** Several services use it, one after the other or together. */
export interface DataDirectory {
  readonly path: string;
  /** Starts a service without waiting for it, in a process group of its own, as a shell does. */
  begin(env?: Readonly<Record<string, string>>): Service;
  start(env?: Readonly<Record<string, string>>): Promise<Service>;
  /** As `start`, on a terminal of its own; needs the program `script` of Linux. */
  startOnTerminal(env?: Readonly<Record<string, string>>): Promise<Service>;
  /** Stops all services. */
  stop(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * @param isNew it is empty: the first service that uses it makes the database. For those whose database is elsewhere,
 * too.
 */
export async function dataDirectory({ isNew = false } = {}): Promise<DataDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'ferrule-e2e-'));
  // As root the database runs as nobody, who must be able to enter.
  await chmod(path, 0o755);
  if (!isNew) await copyPreparedData(join(path, 'data'));
  const services: Service[] = [];
  const stop = async (): Promise<void> => {
    for (const service of services.splice(0)) if (!service.hasEnded) await service.stop();
  };
  const launch = (
    [program, ...args]: readonly [string, ...string[]],
    env: Readonly<Record<string, string>>,
    detached = false,
  ): Service => {
    const service = new Service(spawn(program, args, { ...settings(path, env), detached }), path);
    services.push(service);
    return service;
  };
  const serve = [process.execPath, PROGRAM, 'serve'] as const;
  return {
    path,
    begin: (env = {}) => launch(serve, env, true),
    start: (env = {}) => launch(serve, env).ready(),
    startOnTerminal: (env = {}) => {
      const command = serve.map((word) => `'${word}'`).join(' ');
      return launch(
        ['script', '--quiet', '--return', '--command', `exec ${command}`, '/dev/null'],
        env,
      ).ready();
    },
    stop,
    dispose: async () => {
      await stop();
      await rm(path, { recursive: true, force: true });
    },
  };
}

function settings(dataDir: string, env: Readonly<Record<string, string>>) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('FERRULE_'));
  return {
    cwd: dataDir,
    stdio: ['pipe', 'pipe', 'pipe'] as ['pipe', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(own),
      FERRULE_HOST: '127.0.0.1',
      FERRULE_PORT: '0',
      FERRULE_DATA_DIR: join(dataDir, 'data'),
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
      FERRULE_LOCK_INTERVAL: '50ms',
      ...env,
    },
  };
}
