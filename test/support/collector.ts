import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';

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

/** A receiver of traces, for OTLP as JSON over HTTP. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  readonly resources: Record<string, unknown>[] = [];
  requests = 0;

  private constructor(
    private readonly server: Server,
    /** Takes requests, and never answers. */
    private readonly hangs: boolean,
  ) {
    server.on('request', (request: IncomingMessage, response) => {
      this.requests += 1;
      if (this.hangs) return;
      void buffer(request).then((body) => {
        this.take(JSON.parse(body.toString()) as Export);
        response.setHeader('Content-Type', 'application/json').end('{}');
      });
    });
  }

  static async start({ hangs = false } = {}): Promise<Collector> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Collector(server, hangs);
  }

  /** Variables for a service that sends its traces here. */
  get env(): Record<string, string> {
    const address = this.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '50',
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
