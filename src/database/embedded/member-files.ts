import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOf } from './process-identity.js';

/**
 * The processes on one data directory, as files. What counts is the lock that each of them holds in the
 * database; the files are asked when the database does not answer and a process has to end all the same.
 */
export class MemberFile {
  private constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {}

  static write(dataDir: string): MemberFile {
    const file = new MemberFile(join(dataDir, 'members'), `${process.pid}-${randomUUID()}`);
    try {
      mkdirSync(file.folder, { recursive: true, mode: 0o755 });
      writeFileSync(join(file.folder, file.name), startOf(process.pid) ?? '', { mode: 0o644 });
    } catch {
      // Without it another member that ends by force may stop the server, which this one then starts again.
    }
    return file;
  }

  remove(): void {
    rmSync(join(this.folder, this.name), { force: true });
  }

  /** Whether this is the only one whose process lives. */
  isAlone(): boolean {
    return !this.others().some((name) => this.isAlive(name));
  }

  private others(): string[] {
    try {
      return readdirSync(this.folder).filter((name) => name !== this.name);
    } catch {
      return [];
    }
  }

  private isAlive(name: string): boolean {
    try {
      const file = join(this.folder, name);
      const isAlive = startOf(parseInt(name, 10)) === readFileSync(file, 'utf8');
      if (!isAlive) rmSync(file, { force: true });
      return isAlive;
    } catch {
      return false;
    }
  }
}
