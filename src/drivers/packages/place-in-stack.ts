import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  /** The text of the line, if it is known. */
  readonly code?: string;
}

/** The folder of this service's own code. */
const OWN_CODE = join(fileURLToPath(import.meta.url), '..', '..', '..') + sep;

const FRAME = /(?:\(|at (?:async )?)(file:\/\/[^()]+|\/[^()]+|[A-Z]:\\[^()]+):(\d+):\d+\)?$/;

/** The line of the package that an error came from, else that of a package which it uses. */
export function placeInStack(stack: string, folder: string): SourcePlace | undefined {
  const frames = stack.split('\n').flatMap((line) => {
    const [, where = '', number = ''] = FRAME.exec(line) ?? [];
    return where === '' ? [] : [{ file: pathOf(where), line: Number(number) }];
  });
  const own = frames.find(({ file }) => file.startsWith(folder + sep) && !inPackages(file, folder));
  return own ?? frames.find(({ file }) => !file.startsWith(OWN_CODE));
}

/** What Node writes above the stack of a syntax error: the file with the line, and the text of the line. */
export function placeAbove(stack: string): SourcePlace | undefined {
  const [, where = '', number = '', code = ''] =
    /^(file:\/\/.+|\/.+|[A-Z]:\\.+):(\d+)\n(.*)\n\s*\^/m.exec(stack) ?? [];
  return where === '' ? undefined : { file: pathOf(where), line: Number(number), code };
}

function inPackages(file: string, folder: string): boolean {
  return file.slice(folder.length).includes(`${sep}node_modules${sep}`);
}

function pathOf(where: string): string {
  return where.startsWith('file:') ? fileURLToPath(where.replace(/\?.*$/, '')) : where;
}
