import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isThere, startOf } from './process-identity.js';

/**
 * The advisory locks in the database are authoritative; these files are used only when the database does not answer and
 * a process must end.
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
      // Another member that is ended by force may then stop the server; this one would restart it.
    }
    return file;
  }

  remove(): void {
    rmSync(join(this.folder, this.name), { force: true });
  }

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
      const [pid, start] = [parseInt(name, 10), readFileSync(file, 'utf8')];
      // Without a known start, the id must do.
      const isAlive = start === '' ? isThere(pid) : startOf(pid) === start;
      if (!isAlive) rmSync(file, { force: true });
      return isAlive;
    } catch {
      return false;
    }
  }
}
