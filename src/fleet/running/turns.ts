import { type Served } from '../../conductors/roster/roster.js';
import { type FleetNode } from '../fleet-node.js';
import { Earliest } from './earliest.js';

/** Nodes that are read at once. */
const PAGE = 500;
/** Milliseconds between two attempts. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/** One attempt to give a node its job. */
export interface Turn {
  readonly node: FleetNode;
  /** When its first attempt was, in milliseconds of the running of its fleet call. */
  readonly begun: number;
  /** Milliseconds until the next one. */
  readonly pause: number;
  /** Of which the last attempt found no conductor. */
  readonly awaits?: Served | undefined;
  /** How often it was put off since its last attempt, because there still was none. */
  readonly putOff: number;
}

interface Later extends Turn {
  /** `performance.now()` */
  readonly at: number;
  readonly isElsewhere: boolean;
}

export interface AgainOptions {
  /** Milliseconds, if not longer each time. */
  readonly pause?: number;
  /** Only other processes can make the call. */
  readonly isElsewhere?: boolean;
  readonly awaits?: Served | undefined;
}

/** Which node is next: those that were tried before come first once their time has come. */
export class Turns {
  private ready: FleetNode[] = [];
  private readonly later = new Earliest<Later>();
  private elsewhere = 0;
  private readFrom = -1;
  private hasReadAll = false;

  /** @param read nodes that wait, in their order. @param isAllowed whether a node may have its turn yet. */
  constructor(
    private readonly read: (after: number, limit: number) => Promise<readonly FleetNode[]>,
    private readonly isAllowed: (node: FleetNode) => boolean,
  ) {}

  /** @param begun see {@link Turn}. @returns undefined if no node has its turn now. */
  async next(begun: number): Promise<Turn | undefined> {
    const again = this.later.takeUntil(performance.now());
    if (again) {
      if (again.isElsewhere) this.elsewhere--;
      return again;
    }
    if (this.ready.length === 0 && !this.hasReadAll) {
      this.ready = [...(await this.read(this.readFrom, PAGE))];
      this.readFrom = this.ready.at(-1)?.position ?? this.readFrom;
      this.hasReadAll = this.ready.length < PAGE;
    }
    const [node] = this.ready;
    if (!node || !this.isAllowed(node)) return undefined;
    this.ready.shift();
    return { node, begun, pause: FIRST_PAUSE, putOff: 0 };
  }

  /** Tries a node again. */
  again(turn: Turn, { pause = turn.pause, isElsewhere = false, awaits }: AgainOptions = {}): void {
    const longer = Math.min(turn.pause * 2, LONGEST_PAUSE);
    this.add({ ...turn, at: performance.now() + pause, isElsewhere, awaits, pause: longer, putOff: 0 });
  }

  /** Instead of an attempt. */
  putOff(turn: Turn): void {
    const at = performance.now() + LONGEST_PAUSE;
    this.add({ ...turn, at, isElsewhere: false, putOff: turn.putOff + 1 });
  }

  get areOver(): boolean {
    return this.hasReadAll && this.ready.length === 0 && this.later.size === 0;
  }

  /** Whether only calls are left that this process cannot make. */
  get areElsewhere(): boolean {
    return !this.hasReady && this.later.size > 0 && this.elsewhere === this.later.size;
  }

  /** `performance.now()` of the next one; undefined if none comes by itself. */
  get nextTime(): number | undefined {
    return this.hasReady ? performance.now() : this.later.nextTime;
  }

  private add(later: Later): void {
    if (later.isElsewhere) this.elsewhere++;
    this.later.add(later);
  }

  private get hasReady(): boolean {
    const [first] = this.ready;
    return first ? this.isAllowed(first) : !this.hasReadAll;
  }
}
