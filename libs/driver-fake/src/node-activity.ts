import { Injectable } from '@nestjs/common';

/** Counts the methods that work on each node at a time, so that tests can check locks. */
@Injectable()
export class NodeActivity {
  private readonly active = new Map<string, number>();
  private readonly most = new Map<string, number>();

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

  peak(node: string): number {
    return this.most.get(node) ?? 0;
  }

  get nodesAtWork(): number {
    return [...this.active.values()].filter((count) => count > 0).length;
  }
}
