import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { exportOf } from './otlp.js';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string | number };
}

/** As OTLP has it in JSON. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly Attribute[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[];
  }[];
}

export type Protocol = 'http/protobuf' | 'http/json';

/** Instead of an answer. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** Takes requests, and never answers. */
export const HANGING: Misbehaviour = () => {};

/** A receiver of traces, for OTLP over HTTP. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  readonly resources: Record<string, unknown>[] = [];
  requests = 0;

  private constructor(
    private readonly server: Server,
    private readonly protocol: Protocol,
    private readonly misbehaviour: Misbehaviour | undefined,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.requests += 1;
      if (this.misbehaviour) this.misbehaviour(request, response);
      else void this.answer(request, response);
    });
  }

  static async start({
    protocol = 'http/json',
    misbehaviour,
  }: { readonly protocol?: Protocol; readonly misbehaviour?: Misbehaviour } = {}): Promise<Collector> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Collector(server, protocol, misbehaviour);
  }

  /** Variables for a service that sends its traces here. */
  get env(): Record<string, string> {
    const address = this.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: this.protocol,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      // Milliseconds; else a collector that misbehaves is asked for some time after its test.
      OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
    };
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Of a trace, as a tree: a name with the names below it, in the order of their names. */
  tree(traceId: string, parent: string | undefined): Tree {
    const children = this.spans.filter(
      (span) => span.traceId === traceId && (span.parentSpanId ?? '') === (parent ?? ''),
    );
    return Object.fromEntries(children.map(({ name, spanId }) => [name, this.tree(traceId, spanId)]));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const isJson = this.protocol === 'http/json';
    const type = isJson ? 'application/json' : 'application/x-protobuf';
    if (request.url !== '/v1/traces' || request.headers['content-type'] !== type) {
      response.writeHead(400).end();
      return;
    }
    this.take((isJson ? JSON.parse(body.toString()) : exportOf(body)) as Export);
    response.setHeader('Content-Type', type).end(isJson ? '{}' : '');
  }

  private take({ resourceSpans }: Export): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      this.resources.push(
        Object.fromEntries(resource.attributes.map(({ key, value }) => [key, value.stringValue])),
      );
      for (const { spans } of scopeSpans) this.spans.push(...spans);
    }
  }
}

export interface Tree {
  readonly [name: string]: Tree;
}

export function attributesOf({ attributes }: CollectedSpan): Record<string, string> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, String(value.stringValue ?? value.intValue ?? '')]),
  );
}
