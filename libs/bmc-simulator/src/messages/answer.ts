import { type Json } from '../tree/json.js';
import { type Part } from './multipart.js';

export interface BmcRequest {
  readonly method: string;
  /** Without query; a trailing slash is kept. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `undefined` if there was none or it was no JSON. */
  readonly body: Json | undefined;
  /** Empty for `multipart/form-data`. */
  readonly rawBody: string;
  /** The parts of `multipart/form-data`; `undefined` for other bodies, and for broken ones. */
  readonly parts?: readonly Part[] | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined`: no body. A string is sent as it is, under the content type of the headers. */
  readonly body?: Json | Buffer | undefined;
  readonly isText?: boolean;
  /** The answer goes on with events until the client leaves. */
  readonly isStream?: boolean;
}

export function json(status: number, body: Json, headers: Record<string, string> = {}): Answer {
  return { status, headers, body };
}

export function text(status: number, body: string | Buffer, contentType: string): Answer {
  return { status, headers: { 'Content-Type': contentType }, body, isText: true };
}

export function empty(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers };
}
