import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

/** Over node:http, because `fetch` sends no body with GET and merges headers. */
export interface Ask {
  /** N of 1.N, or the header's text. */
  readonly version?: number | string | undefined;
  readonly headers?: OutgoingHttpHeaders | undefined;
  /** Sent as JSON with its Content-Type. */
  readonly json?: unknown;
  /** Sent unchanged, without a Content-Type. */
  readonly raw?: string | Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Fault {
  readonly faultcode: string;
  readonly faultstring: string;
  readonly debuginfo: null;
}

export class Answer {
  constructor(
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
    readonly bytes: Buffer,
  ) {}

  get text(): string {
    return this.bytes.toString('utf8');
  }

  get contentType(): string | undefined {
    return this.headers['content-type'];
  }

  json<T = unknown>(): T {
    return JSON.parse(this.text) as T;
  }

  get fault(): Fault {
    return JSON.parse(this.json<{ error_message: string }>().error_message) as Fault;
  }

  expect(status: number): this {
    if (this.status === status) return this;
    throw new Error(`Expected ${status}, got ${this.status}: ${this.text.slice(0, 500)}`);
  }
}

export class HttpClient {
  // Closes idle connections long before the server does, which on a busy machine may happen while a request is sent.
  private readonly agent = new Agent({ keepAlive: true, timeout: 1_000 });

  /** @param version N of the default 1.N; undefined sends no header. */
  constructor(
    readonly base: string,
    private readonly version: number | undefined = 109,
    private readonly headers: OutgoingHttpHeaders = {},
  ) {}

  /** Sends these with every request. */
  with(headers: OutgoingHttpHeaders): HttpClient {
    return new HttpClient(this.base, this.version, { ...this.headers, ...headers });
  }

  get(path: string, ask: Ask = {}): Promise<Answer> {
    return this.send('GET', path, ask);
  }

  post(path: string, json?: unknown, ask: Ask = {}): Promise<Answer> {
    return this.send('POST', path, { json, ...ask });
  }

  put(path: string, json?: unknown, ask: Ask = {}): Promise<Answer> {
    return this.send('PUT', path, { json, ...ask });
  }

  patch(path: string, json?: unknown, ask: Ask = {}): Promise<Answer> {
    return this.send('PATCH', path, { json, ...ask });
  }

  delete(path: string, ask: Ask = {}): Promise<Answer> {
    return this.send('DELETE', path, ask);
  }

  send(method: string, path: string, ask: Ask = {}): Promise<Answer> {
    return this.exchange(method, path, { version: this.version, ...ask });
  }

  close(): void {
    this.agent.destroy();
  }

  private exchange(method: string, path: string, ask: Ask): Promise<Answer> {
    const body = bodyOf(ask);
    const headers = {
      ...versionHeader(ask.version),
      ...typeOf(ask),
      ...lengthOf(body),
      ...this.headers,
      ...ask.headers,
    };
    const { agent } = this;
    const options = { method, headers, agent, ...(ask.signal ? { signal: ask.signal } : {}) };
    return new Promise((resolve, reject) => {
      const sent = request(new URL(this.base), { ...options, path }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve(new Answer(response.statusCode ?? 0, response.headers, Buffer.concat(chunks))),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function bodyOf({ json, raw }: Ask): Buffer | undefined {
  if (raw !== undefined) return Buffer.from(raw);
  return json === undefined ? undefined : Buffer.from(JSON.stringify(json));
}

function versionHeader(version: number | string | undefined): OutgoingHttpHeaders {
  if (version === undefined || version === '') return {};
  const text = typeof version === 'number' ? `1.${version}` : version;
  return { 'X-OpenStack-Ironic-API-Version': text };
}

function typeOf({ json, raw }: Ask): OutgoingHttpHeaders {
  return json === undefined || raw !== undefined ? {} : { 'Content-Type': 'application/json' };
}

/** Always sends a length: node would send the body of a GET in chunks. */
function lengthOf(body: Buffer | undefined): OutgoingHttpHeaders {
  return body ? { 'Content-Length': body.byteLength } : {};
}
