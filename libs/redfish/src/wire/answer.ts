import { readCompressed, type Body } from './body.js';
import { failureOf, sentence, type Answer } from './classify.js';
import type { WireReply } from './delivery.js';
import { RedfishResponseError, type RedfishError } from '../errors.js';
import { extendedInfo, reportsFailure, type ExtendedMessage } from '../extended-info.js';
import { isJsonObject, textAt, type JsonObject, type JsonValue } from '../json.js';
import type { Links } from './links.js';
import { retryAfterOf } from './retry.js';
import type { Scrubber } from './scrub.js';
import type { RedfishReply } from '../types.js';
import type { WireBody } from './wire-body.js';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly links: Links;
  readonly scrubber: Scrubber;
  readonly maxBody: number;
}

/** Headers that are removed from replies because they hold secrets. */
const PRIVATE = new Set(['x-auth-token', 'set-cookie', 'www-authenticate']);

/** A successful answer with the token of a login, which `published` removes. */
export interface Reply extends RedfishReply {
  readonly token: string | undefined;
  readonly messages: readonly ExtendedMessage[];
  /** The body, if it was asked for as a stream. */
  readonly stream?: WireBody | undefined;
}

export async function readAnswer(wire: WireReply, asked: Asked): Promise<Reply> {
  const { status, headers } = wire;
  const contentType = headers['content-type'];
  const body = await readCompressed(wire.bytes, headers, asked.maxBody);
  const json =
    body.kind === 'json' ? body.value : body.kind === 'text' && status >= 400 ? body.text : undefined;
  const answer: Answer = {
    method: asked.method,
    url: asked.links.url(asked.path),
    status,
    contentType,
    messages: extendedInfo(json).map((message) => asked.scrubber.message(message)),
    retryAfter: retryAfterOf(headers['retry-after']),
    allow: verbs(headers['allow']),
    unreadable: body.kind === 'unreadable' ? body.why : undefined,
    // Computed only if somebody asks for it.
    get answer() {
      if (body.kind === 'unreadable') return undefined;
      const { scrubber } = asked;
      const shown = scrubber.json(body.kind === 'json' ? body.value : textOf(body));
      return { status, headers: withoutPrivate(headers), body: shown };
    },
  };
  const isSuccess = status >= 200 && status < 300;
  if (status >= 400) throw failureOf(answer);
  if (!isSuccess || body.kind === 'unreadable') throw new RedfishResponseError(sentence(answer), answer);
  if (reportsFailure(json) && !(asked.method === 'GET' && isResource(json))) throw hiddenFailure(answer);
  const resource = resourceOf(body, answer);
  const location = headers['location'];
  const found = location === undefined ? undefined : asked.links.locate(location, asked.path);
  return {
    status,
    headers: withoutPrivate(headers),
    url: answer.url,
    body: resource,
    etag: firstEtag(headers['etag']) ?? textAt(resource, '@odata.etag'),
    location: found?.path,
    foreignLocation: found?.foreign,
    allow: answer.allow ?? [],
    token: headers['x-auth-token'],
    messages: answer.messages,
    stream: wire.stream,
  };
}

function textOf(body: Body): string | undefined {
  return body.kind === 'text' || body.kind === 'html' ? body.text : undefined;
}

function withoutPrivate(headers: Readonly<Record<string, string>>): Record<string, string> {
  const shown = { ...headers };
  for (const name of PRIVATE) delete shown[name];
  return shown;
}

export function published({
  token: _token,
  messages: _messages,
  stream: _stream,
  ...reply
}: Reply): RedfishReply {
  return reply;
}

export function resourceIn(reply: RedfishReply): RedfishReply<JsonObject> {
  if (reply.body !== undefined) return { ...reply, body: reply.body };
  const contentType = reply.headers['content-type'];
  const answer = { method: 'GET', url: reply.url, status: reply.status, contentType, messages: [] };
  throw new RedfishResponseError(
    sentence(answer, 'The body is empty where a resource was expected.'),
    answer,
  );
}

function hiddenFailure(answer: Answer): RedfishError {
  const classified = failureOf({ ...answer, status: 500 });
  if (classified.code !== 'service') return failureOf(answer);
  return new RedfishResponseError(
    sentence(answer, `It reports an error inside. ${classified.reason}`.trim()),
    answer,
  );
}

function isResource(value: JsonValue | undefined): boolean {
  return isJsonObject(value) && ('@odata.id' in value || 'Members' in value);
}

function resourceOf(body: Body, answer: Answer): JsonObject | undefined {
  if (body.kind === 'empty') return undefined;
  if (body.kind === 'json' && isJsonObject(body.value)) return body.value;
  // A completed write may be answered with "OK" or [], but not with a web page.
  if (body.kind !== 'html' && answer.method !== 'GET') return undefined;
  const what =
    body.kind === 'html' ? 'a web page' : body.kind === 'json' ? 'JSON, but no object' : 'no valid JSON';
  throw new RedfishResponseError(
    sentence(answer, `The body is ${what} where a resource was expected.`),
    answer,
  );
}

/** The first of several ETags, which some proxies add to. */
export function firstEtag(header: string | undefined): string | undefined {
  const [first] = header?.split(header.includes('"') ? /,\s*(?=W\/"|")/ : ',') ?? [];
  return first?.trim() || undefined;
}

function verbs(allow: string | undefined): string[] {
  const names = (allow ?? '').split(',').map((name) => name.trim().toUpperCase());
  return names.filter((name) => name !== '');
}
