import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DriverFolder } from './driver-folder.js';

/** The files in the folders of a package's entries. A compiler does not write a deleted file again by itself. */
export class Outputs {
  private known: ReadonlySet<string>;

  constructor(private readonly driver: Pick<DriverFolder, 'path' | 'entries'>) {
    this.known = this.files();
  }

  /** Whether a file has been deleted since the last call. */
  haveLostFiles(): boolean {
    const before = this.known;
    this.known = this.files();
    return [...before].some((file) => !this.known.has(file));
  }

  private files(): ReadonlySet<string> {
    const folders = new Set(this.driver.entries.map((entry) => dirname(entry)));
    return new Set([...folders].flatMap((folder) => this.filesIn(folder)));
  }

  private filesIn(folder: string): string[] {
    try {
      // The package's own folder has `node_modules`.
      const names = readdirSync(folder, { encoding: 'utf8', recursive: folder !== join(this.driver.path) });
      return names.map((name) => join(folder, name));
    } catch {
      return [];
    }
  }
}
