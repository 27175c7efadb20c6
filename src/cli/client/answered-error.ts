import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import { isJsonObject } from '@ferrule/driver-kit/plain';
import { AnsweredError } from './client-error.js';

const LONGEST_TEXT = 500;

const NO_CREDENTIALS =
  'Set FERRULE_TOKEN or OS_TOKEN (with Keystone: `openstack token issue -f value -c id`), or OS_USERNAME and OS_PASSWORD.';

/** @param where the request, for the message. */
export function answeredError(
  where: string,
  status: number,
  headers: IncomingHttpHeaders,
  body: Buffer,
): AnsweredError {
  const { text, code, details } = read(body);
  const said = text ?? STATUS_CODES[status] ?? 'an error';
  return new AnsweredError(status, code, messageOf(where, status, headers, said), details, headers);
}

function messageOf(where: string, status: number, headers: IncomingHttpHeaders, said: string): string {
  if (status === 401) return `${where}: ${status}: ${said}\n${NO_CREDENTIALS}`;
  const { location } = headers;
  if (status >= 300 && status < 400 && location !== undefined) {
    return `${where}: ${status}: it refers to ${location}, which is not followed. Set --url or FERRULE_URL.`;
  }
  return `${where}: ${status}: ${said}`;
}

interface Read {
  readonly text: string | undefined;
  readonly code?: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Problem documents, what Ironic answers, and what proxies answer. */
function read(body: Buffer): Read {
  const written = body.toString('utf8');
  const document = parsed(written);
  if (!isJsonObject(document)) {
    const isPage = /^\s*</.test(written);
    const line = written.trim().slice(0, LONGEST_TEXT);
    return { text: isPage || line === '' ? undefined : line, details: {} };
  }
  const { detail, code, error_message: envelope, error } = document;
  if (typeof detail === 'string') {
    return { text: detail, code: typeof code === 'string' ? code : undefined, details: document };
  }
  const fault = typeof envelope === 'string' ? parsed(envelope) : envelope;
  if (isJsonObject(fault) && typeof fault['faultstring'] === 'string') {
    return { text: fault['faultstring'], details: {} };
  }
  const message = isJsonObject(error) ? error['message'] : undefined;
  return { text: typeof message === 'string' ? message : undefined, details: {} };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
