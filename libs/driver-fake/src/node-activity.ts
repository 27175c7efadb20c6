import { Injectable } from '@nestjs/common';

/** Who works on which node right now: it notices when two do that should not. */
@Injectable()
export class NodeActivity {
  private readonly active = new Map<string, number>();
  private readonly most = new Map<string, number>();

  /** Does some work on a node, and tells how many were at it at most since the last look. */
  async during<T>(node: string, work: () => Promise<T>): Promise<T> {
    const now = (this.active.get(node) ?? 0) + 1;
    this.active.set(node, now);
    this.most.set(node, Math.max(now, this.most.get(node) ?? 0));
    try {
      return await work();
    } finally {
      this.active.set(node, (this.active.get(node) ?? 1) - 1);
    }
  }

  /** The most that were at work at one time on a node, and on all nodes of which anything is known. */
  peak(node: string): number {
    return this.most.get(node) ?? 0;
  }

  get nodesAtWork(): number {
    return [...this.active.values()].filter((count) => count > 0).length;
  }
}
