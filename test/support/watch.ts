import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

export interface WatchLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly what: 'begin' | 'touch' | 'end' | 'abort' | 'killed' | 'asleep';
  readonly id: string;
  readonly node: string;
  readonly fence: number;
  readonly pid: number;
}

export class WatchFile {
  private readonly path: string;
  private readonly known: WatchLine[] = [];
  /** What lines are about, as `what id`. */
  private readonly events = new Set<string>();
  /** Bytes of the file that are known. */
  private read = 0;

  constructor(private readonly folder: string) {
    this.path = join(folder, 'watch.jsonl');
  }

  get env(): Readonly<Record<string, string>> {
    return {
      WATCH_FILE: this.path,
      FERRULE_DRIVER_ROOT: resolve(import.meta.dirname, '../fixtures'),
      FERRULE_ENABLED_HARDWARE_TYPES: 'watched-hardware',
    };
  }

  get lines(): readonly WatchLine[] {
    this.readOn();
    return this.known;
  }

  /** Tests ask in short intervals, and some files have thousands of lines. */
  private readOn(): void {
    if (!existsSync(this.path)) return;
    const bytes = bytesFrom(this.path, this.read);
    const complete = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    this.read += complete.length;
    for (const text of complete.toString().split('\n').slice(0, -1)) {
      const line = JSON.parse(text) as WatchLine;
      this.known.push(line);
      this.events.add(`${line.what} ${line.id}`);
    }
  }

  /** A new gate: calls that are given its path go on until it is opened. */
  gate(): Gate {
    return new Gate(join(this.folder, `gate-${randomUUID()}`));
  }

  /** It no longer touches what it held. To be noted at once: others take over when its lease has ended. */
  killed(pid: number): void {
    this.note('killed', pid);
  }

  /** Others may take over what a suspended process holds. */
  asleep(pid: number): void {
    this.note('asleep', pid);
  }

  has(what: WatchLine['what'], id: string): boolean {
    this.readOn();
    return this.events.has(`${what} ${id}`);
  }

  /** For whoever looks into what was found. */
  save(folder: string): void {
    copyFileSync(this.path, join(folder, 'watch.jsonl'));
  }

  /** No method may be running. */
  clear(): void {
    writeFileSync(this.path, '');
    this.read = 0;
    this.known.length = 0;
    this.events.clear();
  }

  private note(what: 'killed' | 'asleep', pid: number): void {
    const line: WatchLine = { at: Date.now(), what, id: '', node: '', fence: 0, pid };
    appendFileSync(this.path, `${JSON.stringify(line)}\n`);
  }

  begun(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { what, id } of this.lines) if (what === 'begin') counts.set(id, (counts.get(id) ?? 0) + 1);
    return counts;
  }

  /** Two holders at one time, or a fence that did not increase. */
  breaches(options?: BreachOptions): string[] {
    return breachesOf(this.lines, options);
  }
}

function bytesFrom(path: string, start: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - start));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start));
  } finally {
    closeSync(file);
  }
}

/** Lets methods of `watched-hardware` end when the test wants it. */
export class Gate {
  constructor(readonly path: string) {}

  open(): void {
    writeFileSync(this.path, '');
  }
}

export interface BreachOptions {
  /**
   * Whether a process has lost its lease between the beginnings of two calls. A machine that is too busy may keep it from
   * running until others have taken over, as if it were suspended.
   */
  readonly hasLostLease?: (pid: number, first: WatchLine, second: WatchLine) => boolean;
  /** Whether a lock was broken. */
  readonly wasBroken?: (node: string, fence: number) => boolean;
}

/** What was in progress when a process was suspended comes after it. */
const LATE_TOUCHES = 1;

export function breachesOf(
  lines: readonly WatchLine[],
  { hasLostLease = () => false, wasBroken = () => false }: BreachOptions = {},
): string[] {
  const found: string[] = [];
  const holders = new Map<string, WatchLine>();
  const fences = new Map<string, number>();
  /** Calls of suspended processes. */
  const sleepers = new Set<string>();
  /** Calls whose node was taken by another, since they could not know it, and how often they touched it afterwards. */
  const deposed = new Map<string, number>();
  for (const line of lines) {
    const { what, id, node, fence, pid } = line;
    const call = callOf(line);
    if (what === 'killed' || what === 'asleep') {
      for (const [key, holder] of holders) {
        if (holder.pid !== pid) continue;
        if (what === 'killed') holders.delete(key);
        else sleepers.add(callOf(holder));
      }
    } else if (what === 'begin') {
      // It may go on beside the next one, and its fence shows it to be the earlier one.
      if (wasBroken(node, fence)) continue;
      const holder = holders.get(node);
      if (holder && (sleepers.has(callOf(holder)) || hasLostLease(holder.pid, holder, line)))
        deposed.set(callOf(holder), 0);
      else if (holder)
        found.push(`${id} (fence ${fence}) began while ${holder.id} (fence ${holder.fence}) held`);
      const highest = fences.get(node) ?? 0;
      if (fence <= highest) found.push(`${id} was given fence ${fence} after ${highest}`);
      fences.set(node, Math.max(highest, fence));
      holders.set(node, line);
    } else {
      const touches = deposed.get(call);
      if (what === 'touch' && touches !== undefined) deposed.set(call, touches + 1);
      const isLate =
        touches !== undefined && (what === 'end' || (what === 'touch' && touches === LATE_TOUCHES));
      if (isLate) found.push(`${id} went on after its lock was taken by another: ${what}`);
      if (what !== 'touch' && holders.get(node)?.id === id) holders.delete(node);
    }
  }
  return found;
}

/** The calls of a fleet call have one id. */
function callOf({ id, node }: WatchLine): string {
  return `${id} ${node}`;
}
