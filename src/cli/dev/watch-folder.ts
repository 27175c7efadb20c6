import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds in which an editor writes a file in several steps. */
const SETTLING_MS = 50;

export interface FolderEvents {
  changed(): void;
  failed(error: Error): void;
}

/** Calls back with the name of a changed file of a folder, if it is known. */
export type WatchFiles = (folder: string, changed: (file: string | null) => void) => FSWatcher;

const watchFiles: WatchFiles = (folder, changed) => watch(folder, (_event, file) => changed(file));

/**
 * Watches the code below a folder, except in `node_modules` and in hidden folders. Other files, such as a downloaded
 * attachment, are not reported. It watches each folder, because Node loses a watched file that is replaced by another,
 * as editors and git do.
 * @returns ends the watching.
 */
export function watchFolder(path: string, events: FolderEvents, watchOne = watchFiles): () => void {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let isCodeChanged = false;
  const refresh = (): void => {
    const found = new Set(foldersIn(path));
    for (const [folder, watcher] of watchers) {
      if (found.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of found) if (!watchers.has(folder)) begin(folder);
  };
  const begin = (folder: string): void => {
    try {
      const watcher = watchOne(folder, (file) => {
        if (file !== null && isLeftOut(file)) return;
        isCodeChanged ||= file === null || isCode(file, folder === path);
        clearTimeout(timer);
        timer = setTimeout(() => {
          refresh();
          if (isCodeChanged) events.changed();
          isCodeChanged = false;
        }, SETTLING_MS);
      });
      watchers.set(
        folder,
        watcher.on('error', (error) => events.failed(error)),
      );
    } catch (error) {
      // It was removed after it had been listed.
      if (error instanceof Error && !('code' in error && error.code === 'ENOENT')) events.failed(error);
    }
  };
  refresh();
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
  };
}

function foldersIn(path: string): string[] {
  const folders = entriesOf(path).filter((entry) => entry.isDirectory() && !isLeftOut(entry.name));
  return [path, ...folders.flatMap(({ name }) => foldersIn(join(path, name)))];
}

/** A folder may be removed meanwhile. */
function entriesOf(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

/**
 * A name without an extension may be that of a folder.
 * @param isAtTop in the package's own folder, where attachments are downloaded, which may be JSON
 */
export function isCode(name: string, isAtTop: boolean): boolean {
  if (isAtTop && name.endsWith('.json')) return name === 'package.json';
  return /^[^.]*$|\.([cm]?js|json|node|wasm)$/.test(name);
}

function isLeftOut(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.');
}
