import { connect } from 'node:net';
import { type FuzzRequest } from './requests.js';

/** Milliseconds: the service delays its answers to wrong credentials. */
const PATIENCE_MS = 60_000;
/** The same for a damaged request, of which the service may wait for the rest. */
const SHORT_PATIENCE_MS = 2_000;

export interface FuzzAnswer {
  /** 0 without an answer. */
  readonly status: number;
  /** All that was received. */
  readonly text: string;
}

/** Each request has a connection of its own, on which its bytes are sent as they are. */
export function send(port: number, request: FuzzRequest): Promise<FuzzAnswer> {
  const bytes = bytesOf(port, request);
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.setTimeout(request.damage.length > 0 ? SHORT_PATIENCE_MS : PATIENCE_MS, () => socket.destroy());
    socket.on('data', (chunk) => chunks.push(chunk));
    // A refused request may be answered and closed before its body was sent.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    });
    socket.write(bytes);
  });
}

export function bytesOf(port: number, { verb, path, headers, body, damage }: FuzzRequest): Buffer {
  const content = Buffer.from(body);
  const lines = [
    `${verb} ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${content.byteLength}`,
  ];
  const bytes = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content]);
  for (const [offset, value] of damage) if (offset < bytes.length) bytes[offset] = value;
  return bytes;
}
