import { accessSync, constants, mkdirSync } from 'node:fs';
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
import { MemberFile } from './member-files.js';
import { Membership } from './membership.js';
import { Postmaster } from './postmaster.js';
import { isAbsence } from './probe.js';

const PATIENCE_MS = 120_000;
const RETRY_MS = 1_000;

/**
 * A PostgreSQL server of the service's own, on a private socket, shared by all processes on one data directory.
 * Each process starts or joins it; whichever notices that it died restarts it; the last to leave stops it.
 */
export class EmbeddedServer {
  private left = false;
  private keeper: Promise<void>;

  private constructor(
    private readonly dataDir: string,
    private readonly postmaster: Postmaster,
    private membership: Membership,
    private readonly file: MemberFile,
    private readonly log: Log,
  ) {
    this.keeper = this.keep();
  }

  static async join(dataDir: string, log: Log): Promise<EmbeddedServer> {
    const postmaster = await prepare(dataDir, log);
    const file = MemberFile.write(dataDir);
    try {
      return new EmbeddedServer(dataDir, postmaster, await enter(dataDir, postmaster), file, log);
    } catch (error) {
      file.remove();
      throw error;
    }
  }

  async database(name: string): Promise<Connection> {
    await this.membership.createDatabase(name);
    return { ...this.postmaster.connection, database: name };
  }

  get pid(): number | undefined {
    return this.postmaster.pid();
  }

  async leave(): Promise<void> {
    if (this.left) return;
    this.left = true;
    try {
      await this.membership.leave(() => this.postmaster.stop());
    } catch (error) {
      // The server is dead or stopping, so there is nothing to leave.
      if (!isAbsence(error)) throw error;
    }
    this.file.remove();
    await this.keeper;
  }

  /**
   * Leaves without asking the server, and kills it if no other process uses it. Acknowledged changes are on the
   * disk; the next start recovers them. Returns within about a second.
   */
  async abandon(): Promise<void> {
    this.left = true;
    const isAlone = this.file.isAlone();
    this.file.remove();
    if (isAlone) await this.postmaster.kill();
  }

  /** Joins again whenever the session is lost, and restarts the server if necessary. */
  private async keep(): Promise<void> {
    for (;;) {
      await this.membership.ended;
      if (this.left) return;
      this.log.warn('The connection to the embedded PostgreSQL was lost; starting it again if necessary.');
      const next = await this.rejoin();
      if (next === undefined) return;
      this.membership = next;
      this.log.info('The embedded PostgreSQL is back.');
    }
  }

  private async rejoin(): Promise<Membership | undefined> {
    while (!this.left) {
      try {
        const next = await enter(this.dataDir, this.postmaster);
        if (!this.left) return next;
        await next.leave(() => this.postmaster.stop());
      } catch (error) {
        this.log.warn(`The embedded PostgreSQL could not be started again: ${String(error)}`);
        await delay(RETRY_MS);
      }
    }
    return undefined;
  }
}

async function prepare(dataDir: string, log: Log): Promise<Postmaster> {
  makeDataDir(dataDir);
  const binaries = await findBinaries(dataDir, accountFor(dataDir));
  const folder =
    openFolder(dataDir) ??
    (await withFileLock(lockOf(dataDir), PATIENCE_MS, async () => {
      return openFolder(dataDir) ?? (await createFolder(dataDir, binaries));
    }));
  checkVersion(folder, binaries);
  const postmaster = new Postmaster(binaries, folder, join(dataDir, 'postgres.log'));
  if (!isUnguarded(folder)) return postmaster;
  return withFileLock(lockOf(dataDir), PATIENCE_MS, async () => {
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
    mkdirSync(dataDir, { recursive: true, mode: 0o755 });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(
      `The data directory ${dataDir} cannot be created or written to (${codeOf(error) ?? String(error)}). ` +
        'Give it to the user that starts the service, or set FERRULE_DATA_DIR to another folder, or ' +
        'FERRULE_DATABASE_URL to a PostgreSQL of your own.',
    );
  }
}

async function enter(dataDir: string, postmaster: Postmaster): Promise<Membership> {
  for (;;) {
    try {
      return await Membership.take(postmaster.connection);
    } catch (error) {
      if (!isAbsence(error)) throw error;
      await withFileLock(lockOf(dataDir), PATIENCE_MS, () => postmaster.start());
    }
  }
}

function lockOf(dataDir: string): string {
  return join(dataDir, 'start.lock');
}
