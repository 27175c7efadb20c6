import { Agent, type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { tlsFailure } from './tls-failure.js';

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

/** Keystone answered with a status that says nothing about the token in question. */
export class KeystoneFailure extends Error {
  override readonly name = 'KeystoneFailure';
  constructor(
    readonly status: number,
    method: string,
  ) {
    super(`Keystone answered with status ${status}${HINTS[`${method} ${status}`] ?? ''}`);
  }
}

const HINTS: Readonly<Record<string, string>> = {
  'POST 401': ': it does not accept the user, the password or the application credential of the service',
  'GET 403': ": the user of the service needs the role 'service' or 'admin'",
};

/** An answer is a document of a few kilobytes. */
const MAXIMUM_ANSWER = 1_048_576;
const CONNECTIONS = 8;

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

  /** @throws KeystoneFailure, errors of the network. */
  async issue(auth: TokenRequest): Promise<{ readonly id: string; readonly expires: number }> {
    const { headers, body } = await this.send(this.target, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ auth }),
    });
    const id = headers['x-subject-token'];
    if (typeof id !== 'string') throw new TypeError('Keystone answered without a token');
    return { id, expires: tokenSchema.parse(body).token.expires_at };
  }

  /** Undefined if Keystone does not know the token. @throws KeystoneFailure, errors of the network. */
  async validate(own: string, token: string): Promise<KeystoneToken | undefined> {
    try {
      const { body } = await this.send(`${this.target}?nocatalog=1`, {
        method: 'GET',
        headers: { 'X-Auth-Token': own, 'X-Subject-Token': token, Accept: 'application/json' },
      });
      return tokenSchema.parse(body).token;
    } catch (error) {
      if (error instanceof KeystoneFailure && error.status === 404) return undefined;
      throw error;
    }
  }

  private async send(
    url: string,
    options: Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'>,
  ): Promise<{ readonly headers: Dispatcher.ResponseData['headers']; readonly body: unknown }> {
    const answer = await request(url, {
      ...options,
      dispatcher: this.dispatcher,
      signal: AbortSignal.timeout(this.options.timeout),
    }).catch((error: unknown) => {
      throw tlsFailure(error) ?? error;
    });
    if (answer.statusCode >= 300) {
      await answer.body.dump();
      throw new KeystoneFailure(answer.statusCode, options.method);
    }
    return { headers: answer.headers, body: await answer.body.json() };
  }
}
