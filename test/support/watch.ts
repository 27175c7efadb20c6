import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What a method of `watched-hardware` wrote, or a test about a process that it killed. */
export interface WatchLine {
  readonly what: 'begin' | 'touch' | 'end' | 'abort' | 'killed';
  /** What the caller named the call. */
  readonly id: string;
  readonly node: string;
  readonly fence: number;
  readonly pid: number;
}

/** The file in which every process writes, in order, when its methods begin, touch their node and end. */
export class WatchFile {
  private readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, 'watch.jsonl');
  }

  /** Settings for a service whose nodes are watched. */
  get env(): Readonly<Record<string, string>> {
    return {
      WATCH_FILE: this.path,
      FERRULE_DRIVER_ROOT: resolve(import.meta.dirname, '../fixtures'),
      FERRULE_ENABLED_HARDWARE_TYPES: 'watched-hardware',
    };
  }

  get lines(): WatchLine[] {
    if (!existsSync(this.path)) return [];
    const complete = readFileSync(this.path, 'utf8').split('\n').slice(0, -1);
    return complete.map((line) => JSON.parse(line) as WatchLine);
  }

  /** Notes that a process was killed: what it held it does not touch any more. */
  killed(pid: number): void {
    const line: WatchLine = { what: 'killed', id: '', node: '', fence: 0, pid };
    appendFileSync(this.path, `${JSON.stringify(line)}\n`);
  }

  has(what: WatchLine['what'], id: string): boolean {
    return this.lines.some((line) => line.what === what && line.id === id);
  }

  /** How often the method of each call began. */
  begun(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { what, id } of this.lines) if (what === 'begin') counts.set(id, (counts.get(id) ?? 0) + 1);
    return counts;
  }

  /** Breaches of the lock: two holders at one time, a fence that did not rise. */
  breaches(): string[] {
    return breachesOf(this.lines);
  }
}

export function breachesOf(lines: readonly WatchLine[]): string[] {
  const found: string[] = [];
  const holders = new Map<string, WatchLine>();
  const fences = new Map<string, number>();
  for (const line of lines) {
    const { what, id, node, fence, pid } = line;
    if (what === 'killed') {
      for (const [key, holder] of holders) if (holder.pid === pid) holders.delete(key);
    } else if (what === 'begin') {
      const holder = holders.get(node);
      if (holder) found.push(`${id} (fence ${fence}) began while ${holder.id} (fence ${holder.fence}) held`);
      const highest = fences.get(node) ?? 0;
      if (fence <= highest) found.push(`${id} was given fence ${fence} after ${highest}`);
      fences.set(node, Math.max(highest, fence));
      holders.set(node, line);
    } else if (what !== 'touch') {
      if (holders.get(node)?.id === id) holders.delete(node);
    }
  }
  return found;
}
