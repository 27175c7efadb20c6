import { type Agent, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { type BmcServer, startBmc } from './server/bmc-server.js';
import { isJsonObject, type Json, type JsonObject, parseJson } from './tree/json.js';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly raw: Buffer;
  readonly json: Json | undefined;
  readonly body: JsonObject;
}

interface Options {
  readonly body?: Json;
  readonly rawBody?: string;
  readonly headers?: Record<string, string>;
  readonly agent?: Agent;
  /** `none` sends no credentials; default: basic. */
  readonly as?: 'none' | { readonly token: string };
  readonly signal?: AbortSignal;
  /** Default: the BMC's own certificate. */
  readonly ca?: string | undefined;
}

/** Sends one request without redirects and retries, on its own connection unless an agent is given. */
export async function call(
  bmc: BmcServer,
  method: string,
  path: string,
  options: Options = {},
): Promise<Reply> {
  const { body, as, agent = false, signal } = options;
  const payload = options.rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
  const basic = Buffer.from(`${bmc.username}:${bmc.password}`).toString('base64');
  const headers = {
    ...(as === undefined && { Authorization: `Basic ${basic}` }),
    ...(typeof as === 'object' && { 'X-Auth-Token': as.token }),
    ...(payload !== undefined && {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(payload)),
    }),
    ...options.headers,
  };
  const send = bmc.caPem === undefined ? plainRequest : secureRequest;
  const ca = options.ca ?? bmc.caPem;
  return new Promise((resolve, reject) => {
    const request = send(
      new URL(path, bmc.address),
      { method, headers, agent, ...(ca !== undefined && { ca }), ...(signal && { signal }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const raw = Buffer.concat(chunks);
          const json = parseJson(raw.toString('utf8'));
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            raw,
            json,
            body: isJsonObject(json) ? json : {},
          });
        });
      },
    );
    request.on('error', reject);
    request.end(payload);
  });
}

export async function login(bmc: BmcServer): Promise<{ token: string; path: string }> {
  const reply = await call(bmc, 'POST', '/redfish/v1/SessionService/Sessions/', {
    body: { UserName: bmc.username, Password: bmc.password },
    as: 'none',
  });
  return { token: String(reply.headers['x-auth-token']), path: String(reply.headers['location']) };
}

export function subscriptionFor(bmc: BmcServer, destination = 'https://192.0.2.1/events'): JsonObject {
  const { required, allowed } = bmc.rules.subscriptions;
  const body: JsonObject = {};
  for (const name of required) {
    body[name] = (allowed?.[name] ?? []).slice(0, 1);
  }
  return { ...body, Destination: destination, Protocol: 'Redfish', Context: 'ferrule' };
}

export interface BmcFixture {
  readonly bmc: BmcServer;
  read(): Promise<Reply>;
  subscribe(): Promise<Reply>;
}

export const SYSTEMS = '/redfish/v1/Systems';
export const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
export const BODY = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish' };

export function useBmc(): BmcFixture {
  let bmc: BmcServer | undefined;
  beforeEach(async () => {
    bmc = await startBmc();
  });
  afterEach(() => bmc?.close());
  const now = (): BmcServer => {
    if (bmc === undefined) throw new Error('The BMC is there only while a test runs.');
    return bmc;
  };
  return {
    get bmc() {
      return now();
    },
    read: () => call(now(), 'GET', SYSTEMS),
    subscribe: () => call(now(), 'POST', SUBSCRIPTIONS, { body: BODY }),
  };
}
