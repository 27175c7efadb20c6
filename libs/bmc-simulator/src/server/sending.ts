import { type NotHttp } from '../misbehaviours/wire-faults.js';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Rendering } from './rendering.js';

export interface Delivery {
  readonly byteDelay: number;
  readonly isHead: boolean;
  readonly isCut: boolean;
  readonly isStalled: boolean;
  readonly notHttp: NotHttp | undefined;
  readonly informational: number | undefined;
  /** Sends an invalid chunk as the body, and drops the connection. */
  readonly isChunkBroken: boolean;
  readonly signal: AbortSignal;
}

export async function send(
  response: ServerResponse,
  { status, headers, bytes }: Rendering,
  how: Delivery,
): Promise<void> {
  if (how.signal.aborted) {
    return;
  }
  // Not that of the response, which has none until an earlier one on the same connection has ended.
  const { socket } = response.req;
  if (how.notHttp !== undefined) {
    return finish(socket, Buffer.from(NOT_HTTP[how.notHttp](status, bytes.length) + bytes.toString()));
  }
  if (how.informational !== undefined) {
    socket.write(`HTTP/1.1 ${how.informational} ${STATUS_CODES[how.informational] ?? ''}\r\n\r\n`);
  }
  if (how.isChunkBroken) {
    const lines = head(status, { ...headers, 'Transfer-Encoding': 'chunked' });
    return finish(socket, Buffer.concat([lines, Buffer.from('zz\r\n{"error":\r\n')]));
  }
  if (status === 204 && bytes.length > 0) {
    const lines = head(status, { ...headers, 'Content-Length': String(bytes.length) });
    return finish(socket, Buffer.concat([lines, bytes]));
  }
  response.writeHead(status, {
    ...headers,
    ...(status !== 204 && { 'Content-Length': String(bytes.length) }),
  });
  if (how.isHead || status === 204) {
    response.end();
    return;
  }
  if (how.isCut) {
    response.write(bytes.subarray(0, bytes.length >> 1), () => socket.destroy());
    return;
  }
  if (how.isStalled) {
    response.write(bytes.subarray(0, bytes.length >> 1));
    return closed(how.signal);
  }
  response.end(how.byteDelay > 0 ? await trickle(response, bytes, how) : bytes);
}

const NOT_HTTP: Readonly<Record<NotHttp, (status: number, length: number) => string>> = {
  folded: (status, length) =>
    `HTTP/1.1 ${status} X\r\nX-Folded: a\r\n b\r\nContent-Length: ${length}\r\n\r\n`,
  'bare-lf': (status, length) => `HTTP/1.1 ${status} X\nContent-Length: ${length}\n\n`,
  'no-colon': (status, length) => `HTTP/1.1 ${status} X\r\nX Broken\r\nContent-Length: ${length}\r\n\r\n`,
  garbage: () => 'The BMC is busy.\r\n\r\n',
};

/** Resolves when the client has gone or the BMC closes. */
export async function closed(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
}

/**
 * Sends the bytes one by one, except the last. @returns the last, which must end the response: a client that has the
 * whole body may send its next request at once.
 */
async function trickle(
  response: ServerResponse,
  bytes: Buffer,
  { byteDelay, signal }: Delivery,
): Promise<Buffer> {
  response.flushHeaders();
  const last = Math.max(0, bytes.length - 1);
  for (let at = 0; at < last && !signal.aborted; at += 1) {
    response.write(bytes.subarray(at, at + 1));
    await sleep(byteDelay, undefined, { signal, ref: false }).catch(() => undefined);
  }
  return bytes.subarray(last);
}

function head(status: number, headers: Record<string, string>): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n`);
}

function finish(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => socket.end(bytes, () => resolve()));
}
