import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '../../config/start-error.js';
import { type Connection } from '../sessions/connection.js';
import { codeOf } from '../faults/error-code.js';
import { type Log } from '../../logging/log.js';
import { findBinaries } from './binaries.js';
import {
  accountFor,
  checkVersion,
  createFolder,
  guardFolder,
  isUnguarded,
  openFolder,
} from './data-folder.js';
import { withFileLock } from './file-lock.js';
import { makeFolder } from './make-folder.js';
import { MemberFile } from './member-files.js';
import { Membership } from './membership.js';
import { Postmaster } from './postmaster.js';
import { isAbsence } from './probe.js';

const PATIENCE_MS = 120_000;
const RETRY_MS = 1_000;
const GIVE_UP_MS = 1_000;

const NEVER = new AbortController().signal;

/**
 * Shared by all processes on one data directory, on a private socket. Each process starts or joins it; one that notices
 * its death restarts it; the last to leave stops it.
 */
export class EmbeddedServer {
  private left = false;
  private readonly abandoned = new AbortController();
  private file: MemberFile | undefined;
  private postmaster: Postmaster | undefined;
  private membership: Membership | undefined;
  private joining: Promise<void> | undefined;
  private keeper: Promise<void> | undefined;

  constructor(
    private readonly dataDir: string,
    private readonly log: Log,
  ) {}

  /** @param stop gives up: ends what this call has begun, and rejects. */
  async join(stop: AbortSignal = NEVER): Promise<this> {
    this.joining = this.enter(stop);
    await this.joining;
    return this;
  }

  /** Created if it is not there. */
  async database(name: string): Promise<Connection> {
    await this.joined().membership.createDatabase(name);
    return this.connectionTo(name);
  }

  connectionTo(name: string): Connection {
    return { ...this.joined().postmaster.connection, database: name };
  }

  get pid(): number | undefined {
    return this.postmaster?.pid();
  }

  async leave(): Promise<void> {
    if (this.left) return;
    this.left = true;
    const { postmaster, membership } = this.joined();
    try {
      await membership.leave(() => postmaster.stop());
    } catch (error) {
      if (!isAbsence(error)) {
        this.log.warn(
          `This process could not leave the embedded PostgreSQL, and ends it unless others use it: ${String(error)}`,
        );
        await this.abandon();
      }
    }
    this.file?.remove();
    await this.keeper;
  }

  /**
   * Leaves without asking the server, and kills it if no other process uses it; also while it is still being created
   * or started. Acknowledged changes are on the disk; the next start recovers them. Returns within seconds.
   */
  async abandon(): Promise<void> {
    this.left = true;
    this.abandoned.abort();
    const isAlone = this.file?.isAlone() ?? true;
    this.file?.remove();
    if (isAlone) await this.postmaster?.kill();
    await Promise.race([this.joining?.catch(() => {}), delay(GIVE_UP_MS, undefined, { ref: false })]);
  }

  private async enter(stop: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([stop, this.abandoned.signal]);
    makeDataDir(this.dataDir);
    this.file = MemberFile.write(this.dataDir);
    try {
      this.postmaster = await prepare(this.dataDir, this.log, signal);
      this.membership = await takePlace(this.dataDir, this.postmaster, signal);
    } catch (error) {
      if (stop.aborted && this.file.isAlone()) await this.postmaster?.stop();
      this.file.remove();
      throw error;
    }
    this.keeper = this.keep(this.postmaster, this.membership);
  }

  private joined(): { readonly postmaster: Postmaster; readonly membership: Membership } {
    const { postmaster, membership } = this;
    if (postmaster === undefined || membership === undefined) throw new Error('The server was not joined.');
    return { postmaster, membership };
  }

  /** Joins again whenever the session is lost, and restarts the server if necessary. */
  private async keep(postmaster: Postmaster, first: Membership): Promise<void> {
    for (let membership: Membership | undefined = first; membership !== undefined;) {
      this.membership = membership;
      await membership.ended;
      if (this.left) return;
      this.log.warn('The connection to the embedded PostgreSQL was lost; starting it again if necessary.');
      membership = await this.rejoin(postmaster);
      if (membership !== undefined) this.log.info('The embedded PostgreSQL is back.');
    }
  }

  private async rejoin(postmaster: Postmaster): Promise<Membership | undefined> {
    while (!this.left) {
      try {
        const next = await takePlace(this.dataDir, postmaster, this.abandoned.signal);
        if (!this.left) return next;
        await next.leave(() => postmaster.stop());
      } catch (error) {
        if (this.left) return undefined;
        this.log.warn(`The embedded PostgreSQL could not be started again: ${String(error)}`);
        await delay(RETRY_MS);
      }
    }
    return undefined;
  }
}

async function prepare(dataDir: string, log: Log, signal: AbortSignal): Promise<Postmaster> {
  const locked = <T>(action: () => Promise<T>) => withFileLock(lockOf(dataDir), PATIENCE_MS, action, signal);
  const binaries = await findBinaries(dataDir, accountFor(dataDir));
  const folder =
    openFolder(dataDir) ??
    (await locked(async () => {
      return openFolder(dataDir) ?? (await createFolder(dataDir, binaries, signal));
    }));
  checkVersion(folder, binaries);
  const postmaster = new Postmaster(binaries, folder, join(dataDir, 'postgres.log'));
  if (!isUnguarded(folder)) return postmaster;
  return locked(async () => {
    if (postmaster.pid() !== undefined) {
      log.warn(
        'The embedded PostgreSQL was started by an earlier version, and other programs of its user can read ' +
          'the database. Stop all processes on the data directory once; the next start protects it.',
      );
      return postmaster;
    }
    const guarded = guardFolder(dataDir, openFolder(dataDir) ?? folder);
    return new Postmaster(binaries, guarded, join(dataDir, 'postgres.log'));
  });
}

function makeDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir, 0o755);
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(
      `The data directory ${dataDir} cannot be created or written to: ${reasonOf(codeOf(error), error)}. ` +
        'Give it to the user that starts the service, or set FERRULE_DATA_DIR to another folder, or ' +
        'FERRULE_DATABASE_URL to a PostgreSQL of your own.',
    );
  }
}

async function takePlace(dataDir: string, postmaster: Postmaster, signal: AbortSignal): Promise<Membership> {
  for (;;) {
    try {
      return await Membership.take(postmaster.connection);
    } catch (error) {
      if (!isAbsence(error)) throw error;
      await withFileLock(lockOf(dataDir), PATIENCE_MS, () => postmaster.start(signal), signal);
    }
  }
}

function lockOf(dataDir: string): string {
  return join(dataDir, 'start.lock');
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not do that',
  EEXIST: 'there is a file of that name',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of that path is a file',
  EPERM: 'this user may not do that',
  EROFS: 'the file system is read-only',
};

function reasonOf(code: string | undefined, error: unknown): string {
  return REASONS[code ?? ''] ?? code ?? String(error);
}
