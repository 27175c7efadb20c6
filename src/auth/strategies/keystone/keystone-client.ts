import { Agent, type Dispatcher, errors, request } from 'undici';
import { z } from 'zod';
import { tlsFailure } from '../../../http/tls/tls-failure.js';
import { reasonOf } from '../../../logging/reason-of.js';
import { listed } from '../../../text/listed.js';
import { WrongAnswer } from './errors.js';

export interface KeystoneClientOptions {
  /** Without `/v3`. */
  readonly url: string;
  /** PEM. */
  readonly ca?: string | undefined;
  /** Milliseconds for one request. */
  readonly timeout: number;
}

/** The body of a request for a token. */
export interface TokenRequest {
  readonly identity: Readonly<Record<string, unknown>>;
  readonly scope?: Readonly<Record<string, unknown>>;
}

const named = z.object({ name: z.string() });

const tokenSchema = z.object({
  token: z.object({
    expires_at: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    user: named.extend({ id: z.string(), domain: named.extend({ id: z.string() }).optional() }),
    project: z.object({ id: z.string() }).nullish(),
    system: z.object({ all: z.boolean() }).nullish(),
    roles: z.array(named).default([]),
  }),
});

export type KeystoneToken = z.output<typeof tokenSchema>['token'];

const HINTS: Readonly<Record<string, string>> = {
  'POST 401': ': it does not accept the user, the password or the application credential of the service',
  'GET 403': ": the user of the service needs the role 'service' or 'admin'",
};

/** An answer is a document of a few kilobytes. */
const MAXIMUM_ANSWER = 1_048_576;
const CONNECTIONS = 8;
const PLACES = { ca: 'FERRULE_KEYSTONE_CA', name: 'FERRULE_KEYSTONE_URL' };

/** Something came that is no answer of HTTP, or too long a one. */
const UNREADABLE = [errors.HTTPParserError, errors.HeadersOverflowError, errors.ResponseExceededMaxSizeError];

/** The two requests of Keystone's API that the service needs. */
export class KeystoneClient {
  private readonly dispatcher: Agent;
  private readonly target: string;

  constructor(private readonly options: KeystoneClientOptions) {
    const { url, ca, timeout } = options;
    this.target = `${url}/v3/auth/tokens`;
    this.dispatcher = new Agent({
      connections: CONNECTIONS,
      maxResponseSize: MAXIMUM_ANSWER,
      connect: { timeout, ...(ca === undefined ? {} : { ca }) },
    });
  }

  /** @throws WrongAnswer, errors of the network. */
  async issue(auth: TokenRequest): Promise<{ readonly id: string; readonly expires: number }> {
    const { headers, body } = await this.send(this.target, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ auth }),
    });
    const id = headers['x-subject-token'];
    if (typeof id !== 'string') throw new WrongAnswer('Keystone answered without a token');
    return { id, expires: tokenIn(body).expires_at };
  }

  /** Undefined if Keystone does not know the token. @throws WrongAnswer, errors of the network. */
  async validate(own: string, token: string): Promise<KeystoneToken | undefined> {
    try {
      const { body } = await this.send(`${this.target}?nocatalog=1`, {
        method: 'GET',
        headers: { 'X-Auth-Token': own, 'X-Subject-Token': token, Accept: 'application/json' },
      });
      return tokenIn(body);
    } catch (error) {
      if (error instanceof WrongAnswer && error.status === 404) return undefined;
      throw error;
    }
  }

  private async send(
    url: string,
    options: Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'>,
  ): Promise<{ readonly headers: Dispatcher.ResponseData['headers']; readonly body: unknown }> {
    try {
      const answer = await request(url, {
        ...options,
        dispatcher: this.dispatcher,
        signal: AbortSignal.timeout(this.options.timeout),
      });
      if (answer.statusCode >= 300) {
        await answer.body.dump();
        throw new WrongAnswer(statusText(answer.statusCode, options.method), answer.statusCode);
      }
      return { headers: answer.headers, body: jsonOf(await answer.body.text()) };
    } catch (error) {
      if (UNREADABLE.some((kind) => error instanceof kind))
        throw new WrongAnswer(`Keystone's answer cannot be read: ${reasonOf(error)}`);
      throw tlsFailure(error, PLACES) ?? error;
    }
  }
}

function statusText(status: number, method: string): string {
  return `Keystone answered with status ${status}${HINTS[`${method} ${status}`] ?? ''}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WrongAnswer('Keystone answered with something other than JSON');
  }
}

function tokenIn(body: unknown): KeystoneToken {
  const { data, error } = tokenSchema.safeParse(body);
  if (error === undefined) return data.token;
  const where = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new WrongAnswer(`Keystone's answer describes no token: ${listed(where)}`);
}
