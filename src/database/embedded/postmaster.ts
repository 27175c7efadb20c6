import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '../../config/start-error.js';
import { type Connection } from '../sessions/connection.js';
import { identity } from './account.js';
import { type Binaries, environment } from './binaries.js';
import { type DataFolder } from './data-folder.js';
import { probe } from './probe.js';
import { childrenOf, isStartedWith, signalTo, workingIn } from './process-identity.js';
import { PORT, socketFolder } from './socket-folder.js';

const POLL_MS = 10;
const START_MS = 60_000;
/** After a crash, sessions of the dead server end with a delay; until then a new server refuses to start. */
const NOT_YET = /shared memory|lock file/;
const RETRY_MS = 100;
/** Then they are killed; one that is frozen, or waits for a lock of a killed one, never ends. */
const ORPHAN_MS = 5_000;
const STOP_MS = 30_000;
/** Before SIGKILL; a server that is not frozen needs about a tenth. */
const QUIT_MS = 250;
/** Only a process that waits for its disk needs longer. */
const KILL_MS = 5_000;
const LOG_BYTES = 8 * 1024 * 1024;

/** For one small service. Durability keeps its safe defaults (fsync, full_page_writes, synchronous_commit). */
const SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '200',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_parallel_workers_per_gather: '0',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  // Statements may contain secrets of a driver_info, so they are not logged.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  cluster_name: 'ferrule',
};

export class Postmaster {
  readonly connection: Connection;
  private readonly socket: string;
  private child: ChildProcess | undefined;

  constructor(
    private readonly binaries: Binaries,
    private readonly folder: DataFolder,
    private readonly logFile: string,
  ) {
    this.socket = socketFolder(folder);
    this.connection = { host: this.socket, port: PORT, user: 'ferrule', database: 'postgres' };
  }

  pid(): number | undefined {
    const pid = this.writtenPid();
    return pid !== undefined && this.isOurs(pid) ? pid : this.childPid();
  }

  /** @param signal ends the waiting; a server that was begun goes on. */
  async start(signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + START_MS;
    const orphansEnd = performance.now() + ORPHAN_MS;
    let isBegun = false;
    for (; performance.now() < deadline; await delay(POLL_MS, undefined, { signal })) {
      if ((await probe(this.connection)) === 'accepting') return;
      if (this.pid() !== undefined) continue;
      if (isBegun) {
        if (!NOT_YET.test(this.lastLogLines())) break;
        await delay(RETRY_MS, undefined, { signal });
        if (performance.now() > orphansEnd) this.killOrphans();
      }
      signal.throwIfAborted();
      this.forgetDead();
      isBegun = true;
      await this.spawn();
    }
    throw new StartError(
      `The embedded PostgreSQL did not start: ${this.lastLogLines()} (see ${this.logFile})`,
    );
  }

  /** Writes everything to disk; resolves when the process has ended. */
  async stop(): Promise<void> {
    const pid = this.pid();
    if (pid === undefined) return;
    signalTo(pid, 'SIGINT');
    if (!(await this.hasEnded(pid, STOP_MS))) await this.kill();
  }

  /**
   * Does not write to disk, and ends also a frozen server; the next start recovers from the log. Waits a few seconds at
   * most, because not even SIGKILL ends a process that waits for its disk.
   */
  async kill(): Promise<void> {
    const pid = this.pid();
    if (pid === undefined) return;
    const children = childrenOf(pid);
    for (const signal of ['SIGQUIT', 'SIGCONT'] as const) signalTo(pid, signal);
    if (await this.hasEnded(pid, QUIT_MS)) return;
    for (const each of [pid, ...children]) signalTo(each, 'SIGKILL');
    await this.hasEnded(pid, KILL_MS);
  }

  /** Not judged by the pid file, which the server removes a moment before. */
  private async hasEnded(pid: number, patience: number): Promise<boolean> {
    const deadline = performance.now() + patience;
    while (this.isOurs(pid)) {
      if (performance.now() > deadline) return false;
      await delay(POLL_MS);
    }
    return true;
  }

  private isOurs(pid: number): boolean {
    return isStartedWith(pid, '-D', this.folder.path);
  }

  private async spawn(): Promise<void> {
    const log = openLog(this.logFile);
    try {
      const settings = Object.entries({ ...SETTINGS, ...sharedMemory(this.folder) }).flatMap(
        ([name, value]) => ['-c', `${name}=${value}`],
      );
      const child = spawn(
        this.binaries.postgres,
        ['-D', this.folder.path, '-k', this.socket, '-p', String(PORT), ...settings],
        {
          cwd: '/',
          env: environment(this.binaries.postgres),
          stdio: ['ignore', log, log],
          // A session of its own, so that Ctrl-C in the service's terminal does not reach it.
          detached: true,
          ...identity(this.folder.account),
        },
      );
      this.child = child;
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', reject);
      });
      child.unref();
    } finally {
      closeSync(log);
    }
  }

  /** The server writes its pid file a moment after its start. */
  private childPid(): number | undefined {
    const isRunning = this.child?.exitCode === null && this.child.signalCode === null;
    return isRunning ? this.child?.pid : undefined;
  }

  private writtenPid(): number | undefined {
    try {
      const pid = parseInt(readFileSync(this.pidFile, 'utf8'), 10);
      return pid > 0 ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * PostgreSQL refuses to start if its pid file names any process of the same account, as is common after a restart of a
   * container. The caller has checked that it is not a server of this folder.
   */
  private forgetDead(): void {
    rmSync(this.pidFile, { force: true });
  }

  /** What a dead server left behind. The caller has checked that no server of this folder lives. */
  private killOrphans(): void {
    for (const pid of workingIn(realpathSync(this.folder.path), 'postgres')) signalTo(pid, 'SIGKILL');
  }

  private get pidFile(): string {
    return join(this.folder.path, 'postmaster.pid');
  }

  private lastLogLines(): string {
    try {
      return readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-3).join(' / ');
    } catch {
      return 'it wrote no log';
    }
  }
}

/** Any process of the account could open memory in /dev/shm; files in the guarded folder only this server. */
function sharedMemory({ account }: DataFolder): Readonly<Record<string, string>> {
  return account === undefined ? {} : { dynamic_shared_memory_type: 'mmap' };
}

function openLog(file: string): number {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}
