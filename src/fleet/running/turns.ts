import { type FleetNode } from '../fleet-node.js';

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
}

interface Later extends Turn {
  /** `performance.now()` */
  readonly at: number;
  readonly isElsewhere: boolean;
}

/** Which node is next: those that were tried before come first once their time has come. */
export class Turns {
  private ready: FleetNode[] = [];
  private later: Later[] = [];
  private readFrom = -1;
  private hasReadAll = false;

  /** @param read nodes that wait, in their order. @param isAllowed whether a node may have its turn yet. */
  constructor(
    private readonly read: (after: number, limit: number) => Promise<readonly FleetNode[]>,
    private readonly isAllowed: (node: FleetNode) => boolean,
  ) {}

  /** @param begun see {@link Turn}. @returns undefined if no node has its turn now. */
  async next(begun: number): Promise<Turn | undefined> {
    const now = performance.now();
    const index = this.later.findIndex(({ at }) => at <= now);
    const [again] = index >= 0 ? this.later.splice(index, 1) : [];
    if (again) return again;
    if (this.ready.length === 0 && !this.hasReadAll) {
      this.ready = [...(await this.read(this.readFrom, PAGE))];
      this.readFrom = this.ready.at(-1)?.position ?? this.readFrom;
      this.hasReadAll = this.ready.length < PAGE;
    }
    const [node] = this.ready;
    if (!node || !this.isAllowed(node)) return undefined;
    this.ready.shift();
    return { node, begun, pause: FIRST_PAUSE };
  }

  /** Tries a node again. @param pause milliseconds, if not longer each time. */
  again(turn: Turn, { pause = turn.pause, isElsewhere = false } = {}): void {
    const { node, begun } = turn;
    const at = performance.now() + pause;
    this.later.push({ node, begun, at, isElsewhere, pause: Math.min(turn.pause * 2, LONGEST_PAUSE) });
  }

  get areOver(): boolean {
    return this.hasReadAll && this.ready.length === 0 && this.later.length === 0;
  }

  /** Whether only calls are left that this process cannot make. */
  get areElsewhere(): boolean {
    return !this.hasReady && this.later.length > 0 && this.later.every(({ isElsewhere }) => isElsewhere);
  }

  /** `performance.now()` of the next one; undefined if none comes by itself. */
  get nextTime(): number | undefined {
    if (this.hasReady) return performance.now();
    return this.later.length === 0 ? undefined : Math.min(...this.later.map(({ at }) => at));
  }

  private get hasReady(): boolean {
    const [first] = this.ready;
    return first ? this.isAllowed(first) : !this.hasReadAll;
  }
}
