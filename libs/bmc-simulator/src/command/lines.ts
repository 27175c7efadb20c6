import { type RecordedRequest } from '../server/journal.js';
import { isJsonObject, type Json, type JsonObject } from '../tree/json.js';

const SECRET = /passw|secret|token|credential|authorization|httpheaders|community|privatekey/i;
/** A private key in PEM, which a certificate may be sent with. Without its last line: the rest of the text. */
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g;
const MASK = '***';

/** A request for people: `POST /redfish/v1/… 201 session {"Destination":"…"}`. Secrets are masked. */
export function line(request: RecordedRequest): string {
  const { method, path, status, outcome, authentication, body } = request;
  const result = outcome === 'answered' && status !== undefined ? String(status) : outcome;
  const shown = body === undefined ? [] : [JSON.stringify(masked(body))];
  return [method, path, result, authentication, ...shown].join(' ');
}

/** A request for programs. Secrets are masked, and headers with credentials left out. */
export function record(request: RecordedRequest, at: Date): JsonObject {
  const { method, path, status, outcome, authentication, connection, body } = request;
  const headers = Object.entries(request.headers).filter(([name]) => !SECRET.test(name) && name !== 'cookie');
  return {
    at: at.toISOString(),
    method,
    path,
    status: status ?? null,
    outcome,
    authentication,
    connection,
    headers: Object.fromEntries(headers),
    ...(body !== undefined && { body: masked(body) }),
  };
}

function masked(value: Json, isSecret = false): Json {
  if (Array.isArray(value)) {
    return value.map((item) => masked(item, isSecret));
  }
  if (typeof value === 'string') {
    return isSecret ? MASK : value.replace(PRIVATE_KEY, MASK);
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [
    key,
    masked(item ?? null, isSecret || SECRET.test(key)),
  ]);
  return Object.fromEntries(entries);
}
