import { lstatSync, mkdirSync, readFileSync, rmSync, type Stats, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The plain files below a folder. What is no plain file, or lies behind a symbolic link, is neither read nor written. */
export class PackageFiles {
  /** @param folder absolute path */
  constructor(private readonly folder: string) {}

  /**
   * @param path relative, with `/`
   * @returns the text, with `\n` at the end of lines; undefined if there is no such file
   * @throws Error if there is something else, or it cannot be read
   */
  read(path: string): string | undefined {
    if (!this.has(path)) return undefined;
    return this.told(path, 'read', (file) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n'));
  }

  /**
   * @returns the value of a file that must be there
   * @throws Error if it is missing or no JSON, or as `read`
   */
  readJson(path: string): unknown {
    const text = this.read(path);
    if (text === undefined) throw new Error(`${join(this.folder, path)} is missing.`);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new Error(`${join(this.folder, path)} is no JSON: ${(error as Error).message}.`, {
        cause: error,
      });
    }
  }

  /**
   * @returns whether the file is there
   * @throws Error if something else has its name, or that of one of its folders
   */
  has(path: string): boolean {
    const parts = path.split('/');
    for (const length of parts.keys()) {
      const isFolder = length + 1 < parts.length;
      const part = join(this.folder, ...parts.slice(0, length + 1));
      const found = lstatSync(part, { throwIfNoEntry: false });
      if (!found) return false;
      if (isFolder ? !found.isDirectory() : !found.isFile())
        throw new Error(`${part} is ${kindOf(found)}: it must be ${isFolder ? 'a folder' : 'a file'}.`);
    }
    return true;
  }

  /** @throws Error as `has`, or if it cannot be written */
  write(path: string, text: string): void {
    this.has(path);
    this.told(path, 'written', (file) => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    });
  }

  /** @throws Error as `has`, or if it cannot be removed */
  remove(path: string): void {
    if (this.has(path)) this.told(path, 'removed', (file) => rmSync(file));
  }

  private told<T>(path: string, verb: string, act: (file: string) => T): T {
    const file = join(this.folder, path);
    try {
      return act(file);
    } catch (error) {
      throw new Error(`${file} cannot be ${verb}${codeOf(error)}.`, { cause: error });
    }
  }
}

/** ` (EACCES)`; empty for an error without a code. */
export function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? '' : ` (${code})`;
}

function kindOf(found: Stats): string {
  if (found.isSymbolicLink()) return 'a symbolic link';
  if (found.isDirectory()) return 'a folder';
  return found.isFile() ? 'a file' : 'neither a file nor a folder';
}
