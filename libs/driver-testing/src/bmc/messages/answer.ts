import { type Json } from '../tree/json.js';

/** A request as the BMC's resources see it: the body is read, the path is bare. */
export interface BmcRequest {
  readonly method: string;
  /** Without query, as it was sent (a trailing slash is kept). */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names, as Node gives them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `undefined` when there was none or it was no JSON. */
  readonly body: Json | undefined;
  readonly rawBody: string;
}

/** What the BMC answers, before anything on the wire is disturbed. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined`: no body at all; a string is sent as it is, under the content type of the headers. */
  readonly body?: Json | Buffer | undefined;
  /** Marks `body` as text rather than a JSON string. */
  readonly isText?: boolean;
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
