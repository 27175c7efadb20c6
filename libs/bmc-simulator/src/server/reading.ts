import { type IncomingMessage } from 'node:http';
import { type BmcRequest } from '../messages/answer.js';
import { partsOf } from '../messages/multipart.js';
import { parseJson } from '../tree/json.js';

/** Reads a whole request. Its path is the part after the prefix, empty if it is not below the prefix. */
export async function readRequest(message: IncomingMessage, prefix: string): Promise<BmcRequest> {
  const bytes = await readBody(message);
  const type = message.headers['content-type'] ?? '';
  const isMultipart = /^multipart\/form-data/i.test(type);
  const rawBody = isMultipart ? '' : bytes.toString('utf8');
  const [target = '', query = ''] = (message.url ?? '').split('?', 2);
  return {
    method: message.method ?? 'GET',
    path: target.startsWith(prefix) ? target.slice(prefix.length) : '',
    query: new URLSearchParams(query),
    headers: flatHeaders(message),
    body: rawBody === '' ? undefined : parseJson(rawBody),
    rawBody,
    parts: isMultipart ? partsOf(bytes, type) : undefined,
  };
}

function readBody(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('error', reject);
    message.on('end', () => resolve(Buffer.concat(chunks)));
  });
}

function flatHeaders({ headers }: IncomingMessage): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) {
    flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
