import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** The file of a program, by its path or its name in the PATH of this process; undefined if there is none to execute. */
export function programPath(
  program: string,
  folders: string | undefined = process.env['PATH'],
): string | undefined {
  if (program.includes('/')) return isExecutable(program) ? resolve(program) : undefined;
  const files = (folders ?? '').split(delimiter).filter(Boolean);
  return files.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
