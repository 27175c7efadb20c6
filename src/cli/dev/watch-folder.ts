import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds in which an editor writes a file in several steps. */
const SETTLING_MS = 50;

export interface FolderEvents {
  changed(): void;
  failed(error: Error): void;
}

/**
 * Watches the code below a folder, except in `node_modules` and in hidden folders. Other files, such as a downloaded
 * attachment, are not told. It watches each folder, because
 * Node loses a watched file that is replaced by another, as editors and git do.
 * @returns ends the watching.
 */
export function watchFolder(path: string, events: FolderEvents): () => void {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let isWorthTelling = false;
  const refresh = (): void => {
    const found = new Set(foldersIn(path));
    for (const [folder, watcher] of watchers) {
      if (found.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of found) if (!watchers.has(folder)) watchers.set(folder, watched(folder));
  };
  const watched = (folder: string): FSWatcher => {
    const watcher = watch(folder, (_event, file) => {
      if (file !== null && isLeftOut(file)) return;
      isWorthTelling ||= file === null || isCode(file);
      clearTimeout(timer);
      timer = setTimeout(() => {
        refresh();
        if (isWorthTelling) events.changed();
        isWorthTelling = false;
      }, SETTLING_MS);
    });
    return watcher.on('error', (error) => events.failed(error));
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

/** A name without an extension may be that of a folder. */
export function isCode(name: string): boolean {
  return /^[^.]*$|\.([cm]?js|json|node|wasm)$/.test(name);
}

function isLeftOut(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.');
}
