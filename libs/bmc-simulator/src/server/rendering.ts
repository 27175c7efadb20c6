import { gzipSync } from 'node:zlib';
import { type Answer, type BmcRequest } from '../messages/answer.js';
import { type Switches } from '../misbehaviours/switches.js';

export interface Rendering {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly bytes: Buffer;
}

export function render(answer: Answer, request: BmcRequest, switches: Switches): Rendering {
  const { status } = answer;
  const headers: Record<string, string> = {
    'OData-Version': '4.0',
    'Cache-Control': 'no-store',
    ...answer.headers,
  };
  if (status === 204 && switches.get('bodyWith204')) {
    headers['Content-Type'] = 'application/json';
    const isOnTheWire = switches.get('bodyWith204') === 'on-the-wire';
    return { status: isOnTheWire ? 204 : 200, headers, bytes: Buffer.from('{"Status":"done"}') };
  }
  const message = switches.get('successMessage');
  if (message && answer.body === undefined && status >= 200 && status < 300) {
    const info = {
      MessageId: message.id,
      ...(message.severity !== undefined && { Severity: message.severity }),
    };
    const error = {
      code: 'iLO.0.10.ExtendedInfo',
      message: 'See @Message.ExtendedInfo for more information.',
    };
    headers['Content-Type'] = 'application/json';
    const body = { error: { ...error, '@Message.ExtendedInfo': [info] } };
    return { status: 200, headers, bytes: Buffer.from(JSON.stringify(body)) };
  }
  if (answer.body === undefined) {
    return { status, headers, bytes: Buffer.alloc(0) };
  }
  headers['Content-Type'] ??= 'application/json; charset=utf-8';
  const plain = answer.isText ? toBuffer(answer.body) : Buffer.from(JSON.stringify(answer.body));
  if (switches.get('bigNumber') && !answer.isText && plain.at(-1) === 0x7d) {
    const bytes = Buffer.concat([plain.subarray(0, -1), Buffer.from(',"Big":18446744073709551615}')]);
    return { status, headers, bytes };
  }
  const spoilt = answer.isText ? plain : spoil(plain, status, request, switches);
  if (switches.get('gzip') && spoilt.length > 0) {
    headers['Content-Encoding'] = 'gzip';
    return { status, headers, bytes: gzipSync(spoilt) };
  }
  return { status, headers, bytes: spoilt };
}

function toBuffer(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(String(body));
}

function spoil(plain: Buffer, status: number, request: BmcRequest, switches: Switches): Buffer {
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && switches.applies('empty200', request)) {
    return Buffer.alloc(0);
  }
  if (isSuccess && switches.applies('errorThenResource', request)) {
    const error = '{"error":{"@Message.ExtendedInfo":[{"MessageId":"Base.1.8.InsufficientLicense"]}}';
    return Buffer.concat([Buffer.from(error), plain]);
  }
  if (switches.applies('invalidUtf8', request)) {
    return intoFirstString(plain, Buffer.from([0xc3, 0x28, 0xff]));
  }
  if (switches.applies('controlChars', request)) {
    return intoFirstString(plain, Buffer.from([0x01, 0x0a, 0x09]));
  }
  if (switches.applies('byteOrderMark', request)) {
    return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain]);
  }
  if (switches.applies('nulPadding', request)) {
    return Buffer.concat([plain, Buffer.alloc(16)]);
  }
  return switches.applies('truncatedJson', request) ? plain.subarray(0, plain.length >> 1) : plain;
}

/** Inserts bytes into the value of `Name`, which every resource has, else into the first string. */
function intoFirstString(plain: Buffer, bytes: Buffer): Buffer {
  const name = plain.indexOf('"Name":"');
  const at = name >= 0 ? name + '"Name":"'.length : plain.indexOf(':"') + 2;
  return at < 2 ? plain : Buffer.concat([plain.subarray(0, at), bytes, plain.subarray(at)]);
}
