import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { z } from 'zod';
import { answeredError } from './answered-error.js';
import { ClientError, ConnectionError } from './client-error.js';
import { type ClientSettings } from './client-settings.js';
import { connectionError } from './connection-error.js';

/** The service answers with less; what is longer comes from something else. */
const LONGEST_BODY = 256 * 1024 * 1024;

export interface ApiRequest {
  /** Undefined members are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the service is asked to wait before it answers. */
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const NEXT = z.object({ next: z.string().optional() });

/** Speaks to a service, which may be another version or something else altogether. */
export class ApiClient {
  private hasAnswered = false;

  constructor(private readonly settings: ClientSettings) {}

  get url(): string {
    return this.settings.base.href.replace(/\/$/, '');
  }

  /** @throws AnsweredError for a status of 300 and more; ClientError without an answer. */
  async send(method: string, path: string, request: ApiRequest = {}): Promise<ApiAnswer> {
    const limit = this.limit(request);
    try {
      const response = await this.exchange(method, path, request, limit.signal);
      return await this.whole(`${method} ${path}`, response);
    } catch (error) {
      throw this.failure(error, limit, request.signal);
    } finally {
      limit.end();
    }
  }

  async json<T>(schema: z.ZodType<T>, method: string, path: string, request: ApiRequest = {}): Promise<T> {
    return this.read(schema, await this.send(method, path, request));
  }

  /** The answer as it arrives: the time limit is for its head, after which only `signal` ends it. */
  async open(method: string, path: string, request: ApiRequest = {}): Promise<IncomingMessage> {
    const limit = this.limit(request);
    try {
      const response = await this.exchange(method, path, request, limit.signal);
      if (isSuccess(response.statusCode)) return response;
      await this.whole(`${method} ${path}`, response);
      return response;
    } catch (error) {
      throw this.failure(error, limit, request.signal);
    } finally {
      limit.end();
    }
  }

  /** The items of all pages of a list. @param member that has the items of a page. */
  async *list<T>(
    schema: z.ZodType<T>,
    member: string,
    path: string,
    request: ApiRequest = {},
  ): AsyncGenerator<T> {
    const page = NEXT.extend({ [member]: z.array(z.unknown()) });
    let [where, asked] = [path, request];
    for (;;) {
      const answer = await this.send('GET', where, asked);
      const found = this.read(page, answer);
      for (const item of found[member] as unknown[]) yield this.checked(schema, item);
      if (found.next === undefined) return;
      // The host of the link may be one that only others can reach.
      const next = new URL(found.next, this.settings.base);
      [where, asked] = [`/v1${next.pathname.split('/v1')[1] ?? ''}${next.search}`, { ...request, query: {} }];
    }
  }

  private read<T>(schema: z.ZodType<T>, { body }: ApiAnswer): T {
    let document: unknown;
    try {
      document = JSON.parse(body.toString('utf8'));
    } catch {
      throw this.notOurs('its answer is not JSON');
    }
    return this.checked(schema, document);
  }

  private checked<T>(schema: z.ZodType<T>, document: unknown): T {
    const parsed = schema.safeParse(document);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw this.notOurs(`in its answer ${issue?.path.join('.') ?? ''} is not what it should be`);
  }

  private notOurs(why: string): ClientError {
    return new ClientError(`${this.url}: ${why}. Is it a Ferrule of this version?`);
  }

  private exchange(
    method: string,
    path: string,
    { query = {}, json, headers }: ApiRequest,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { base, credentials, ca } = this.settings;
    const url = new URL(`${this.url}${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const body = json === undefined ? undefined : Buffer.from(JSON.stringify(json));
    const options = {
      method,
      signal,
      agent: false as const,
      ...(ca !== undefined && { ca }),
      headers: {
        Accept: 'application/json, application/problem+json',
        'X-OpenStack-Ironic-API-Version': 'latest',
        ...(body && { 'Content-Type': 'application/json', 'Content-Length': body.length }),
        ...credentials,
        ...headers,
      },
    };
    return new Promise((resolve, reject) => {
      const sent = (base.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
        this.hasAnswered = true;
        resolve(response);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  private async whole(where: string, response: IncomingMessage): Promise<ApiAnswer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LONGEST_BODY) throw this.notOurs('its answer does not end');
      chunks.push(chunk);
    }
    const { statusCode: status = 0, headers } = response;
    const body = Buffer.concat(chunks);
    if (!isSuccess(status)) throw answeredError(where, status, headers, body);
    return { status, headers, body };
  }

  private limit({ waitSeconds = 0, signal }: ApiRequest) {
    const milliseconds = this.settings.timeoutMs + waitSeconds * 1_000;
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), milliseconds);
    return {
      milliseconds,
      isOver: () => over.signal.aborted,
      signal: signal ? AbortSignal.any([over.signal, signal]) : over.signal,
      end: () => clearTimeout(timer),
    };
  }

  private failure(error: unknown, limit: ReturnType<ApiClient['limit']>, signal?: AbortSignal): unknown {
    if (signal?.aborted === true) return signal.reason;
    if (limit.isOver()) {
      return new ConnectionError(
        `${this.url}: no whole answer within ${limit.milliseconds / 1_000} s; see --timeout.`,
        false,
      );
    }
    return connectionError(this.settings.base, error, this.hasAnswered);
  }
}

function isSuccess(status = 0): boolean {
  return status >= 200 && status < 300;
}
