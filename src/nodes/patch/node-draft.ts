import { type NodeColumn } from '../fields/node-fields.js';
import { type Node } from '../node.js';

/** A stored node and what is going to change about it. */
export class NodeDraft {
  private readonly values = new Map<NodeColumn, unknown>();

  constructor(readonly before: Node) {}

  /** The value as it will be. */
  get(column: NodeColumn): unknown {
    return this.values.has(column) ? this.values.get(column) : this.before[column];
  }

  set(column: NodeColumn, value: unknown): void {
    this.values.set(column, value);
  }

  /** Whether the value will differ; writing the same again is no change. */
  isChanged(column: NodeColumn): boolean {
    // As text, since that is what is stored: another order of keys is a change.
    return (
      this.values.has(column) &&
      JSON.stringify(this.values.get(column)) !== JSON.stringify(this.before[column])
    );
  }

  changes(): Map<NodeColumn, unknown> {
    return new Map([...this.values].filter(([column]) => this.isChanged(column)));
  }
}
