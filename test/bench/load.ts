import { type NodeSpread, nodeUuid } from './bench-nodes.js';

export interface Load {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** `{node}` stands for a UUID. */
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly nodes?: NodeSpread;
}

export interface LoadOrder {
  readonly load: Load;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly answers: number;
  /** Other statuses, broken connections, timeouts. */
  readonly failures: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Answers in the slowest whole second. */
  readonly slowest: number;
  /** Milliseconds, of answers with 2xx. */
  readonly p50: number;
  readonly p99: number;
}

/** Connections share no node, so that none waits for another's lock. */
export function pathsOf({ path, nodes }: Load, connection: number, connections: number): string[] {
  if (nodes === undefined) return [path];
  const own = [];
  for (let index = connection; index < nodes.count; index += connections) {
    own.push(path.replace('{node}', nodeUuid(nodes.first + index)));
  }
  return own;
}
