import {
  type IncomingMessage,
  maxHeaderSize,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { type Socket } from 'node:net';
import { type Duplex } from 'node:stream';
import { type FerruleError } from '@ferrule/driver-kit';
import { HttpFault } from '../errors.js';
import { envelope } from './envelope.js';

type ClientError = Error & { readonly code?: string };

/** Two members by which alone Node tells of these. */
interface SocketOfServer extends Duplex {
  /** The answer that is being sent. */
  readonly _httpMessage?: ServerResponse | null;
  /** The connection below TLS. */
  readonly _parent?: Socket | null;
}

const HTTP_FOR_HTTPS = 'ERR_SSL_HTTP_REQUEST';

/** Requests that Node's HTTP server answers before the application sees them get Ironic's envelope, too. */
export function answerParserErrors(server: Server): void {
  server.on('clientError', (error: ClientError, socket: SocketOfServer) => {
    const plain = error.code === HTTP_FOR_HTTPS ? socket._parent : undefined;
    if (plain) {
      plain.on('error', () => plain.destroy());
      answer(plain, new HttpFault(400, 'This port speaks https only. Use a URL that begins with https://.'));
    } else if (isOfHttp(error)) answer(socket, faultOf(error));
    // Other handshakes of TLS that fail, and connections that break, take no answer.
    else socket.destroy();
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    answer(socket, new HttpFault(405, 'The method CONNECT is not allowed; this service is no proxy.'));
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const body = bodyOf(new HttpFault(417, "The header 'Expect' can only ask for 100-continue."));
    response.writeHead(417, { ...headersOf(body) });
    response.end(body);
  });
}

function isOfHttp({ code = '' }: ClientError): boolean {
  return code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT';
}

function faultOf({ code, message }: ClientError): FerruleError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new HttpFault(431, `The headers of the request are longer than ${maxHeaderSize} bytes.`);
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return new HttpFault(413, 'The extensions of a chunk of the body are too long.');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new HttpFault(408, 'The request did not arrive in time.');
  return new HttpFault(400, `The request is not valid HTTP: ${message.replace(/^Parse Error: /, '')}.`);
}

function answer(socket: SocketOfServer, error: FerruleError): void {
  if (!socket.writable || hasBegunToAnswer(socket)) {
    socket.destroy();
    return;
  }
  const body = bodyOf(error);
  const headers = Object.entries(headersOf(body)).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}\r\n${headers.join('')}\r\n${body}`,
    () => socket.destroy(),
  );
}

function bodyOf(error: FerruleError): string {
  return JSON.stringify(envelope(error));
}

function headersOf(body: string) {
  return {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  };
}

function hasBegunToAnswer(socket: SocketOfServer): boolean {
  return socket._httpMessage?.headersSent ?? false;
}
