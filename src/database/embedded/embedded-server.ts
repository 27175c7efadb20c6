import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Connection } from '../connection.js';
import { type Log } from '../log.js';
import { findBinaries } from './binaries.js';
import { accountFor, checkVersion, createFolder, openFolder } from './data-folder.js';
import { withFileLock } from './file-lock.js';
import { Membership } from './membership.js';
import { Postmaster } from './postmaster.js';
import { isAbsence } from './probe.js';

/** initdb and a recovery of a large log may both be waited for. */
const PATIENCE_MS = 120_000;
const RETRY_MS = 1_000;

/**
 * A PostgreSQL of the service's own, on a private socket. All processes on one data directory share it:
 * who comes starts it or joins it, whoever notices its death starts it again, and who leaves last stops it.
 */
export class EmbeddedServer {
  private left = false;
  private keeper: Promise<void>;

  private constructor(
    private readonly dataDir: string,
    private readonly postmaster: Postmaster,
    private membership: Membership,
    private readonly log: Log,
  ) {
    this.keeper = this.keep();
  }

  static async join(dataDir: string, log: Log): Promise<EmbeddedServer> {
    const postmaster = await prepare(dataDir);
    return new EmbeddedServer(dataDir, postmaster, await enter(dataDir, postmaster), log);
  }

  /** The connection to one of its databases, which is made when it is not there. */
  async database(name: string): Promise<Connection> {
    await this.membership.createDatabase(name);
    return { ...this.postmaster.connection, database: name };
  }

  /** The server's process, for those who want to watch it or kill it. */
  get pid(): number | undefined {
    return this.postmaster.pid();
  }

  /** Gives the server up, and stops it if nobody else needs it. */
  async leave(): Promise<void> {
    if (this.left) return;
    this.left = true;
    try {
      await this.membership.leave(() => this.postmaster.stop());
    } catch (error) {
      // The server is dead or dies: then there is nothing to leave.
      if (!isAbsence(error)) throw error;
    }
    await this.keeper;
  }

  /** Joins again whenever the session ends unasked, starting the server if that is what it takes. */
  private async keep(): Promise<void> {
    for (;;) {
      await this.membership.ended;
      if (this.left) return;
      this.log.warn('The embedded PostgreSQL went away; starting it again.');
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
        this.log.warn(`The embedded PostgreSQL does not come back: ${String(error)}`);
        await delay(RETRY_MS);
      }
    }
    return undefined;
  }
}

async function prepare(dataDir: string): Promise<Postmaster> {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const binaries = await findBinaries(dataDir, accountFor(dataDir));
  const folder =
    openFolder(dataDir) ??
    (await withFileLock(lockOf(dataDir), PATIENCE_MS, async () => {
      return openFolder(dataDir) ?? (await createFolder(dataDir, binaries));
    }));
  checkVersion(folder, binaries);
  return new Postmaster(binaries, folder, join(dataDir, 'postgres.log'));
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
