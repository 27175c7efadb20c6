import { type NodeSpread, nodeUuid } from './bench-nodes.js';

/** What one workload sends, as it goes to the load generator's process. */
export interface Load {
  readonly method: 'GET' | 'POST';
  /** `http://host:port`. */
  readonly url: string;
  /** With `{node}` where a node's UUID goes. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The nodes that are called in turn. */
  readonly nodes?: NodeSpread;
}

/** One turn of the load generator. */
export interface LoadOrder {
  readonly load: Load;
  readonly connections: number;
  readonly seconds: number;
}

/** What came of it. */
export interface LoadResult {
  /** Answers with a status of 2xx. */
  readonly answers: number;
  /** Everything else: other statuses, broken connections, timeouts. */
  readonly failures: number;
  /** Of them, how many came with which status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Milliseconds, of the answers with 2xx. */
  readonly p50: number;
  readonly p99: number;
}

/** The paths of one connection: no node is in the hands of two, so that none waits for another's lock. */
export function pathsOf({ path, nodes }: Load, connection: number, connections: number): string[] {
  if (nodes === undefined) return [path];
  const own = [];
  for (let index = connection; index < nodes.count; index += connections) {
    own.push(path.replace('{node}', nodeUuid(nodes.first + index)));
  }
  return own;
}
