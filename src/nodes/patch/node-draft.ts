import { type NodeColumn } from '../fields/node-fields.js';
import { type Node } from '../node.js';

export class NodeDraft {
  private readonly values = new Map<NodeColumn, unknown>();

  constructor(readonly before: Node) {}

  get(column: NodeColumn): unknown {
    return this.values.has(column) ? this.values.get(column) : this.before[column];
  }

  set(column: NodeColumn, value: unknown): void {
    this.values.set(column, value);
  }

  isChanged(column: NodeColumn): boolean {
    // JSON columns store text, so another order of keys is a change.
    return (
      this.values.has(column) &&
      JSON.stringify(this.values.get(column)) !== JSON.stringify(this.before[column])
    );
  }

  changes(): Map<NodeColumn, unknown> {
    return new Map([...this.values].filter(([column]) => this.isChanged(column)));
  }
}
