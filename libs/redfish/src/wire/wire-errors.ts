import {
  RedfishConnectionError,
  RedfishError,
  RedfishResponseError,
  RedfishTimeoutError,
} from '../errors.js';
import type { ConnectionFailure } from '../errors.js';

const NAMES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NONAME', 'ENODATA', 'EAI_NODATA']);
const UNREACHABLE = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
]);
const TLS =
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|HOSTNAME_|ERR_INVALID_ARG)/;

/** OpenSSL's codes for an answer that is not TLS. */
const NO_TLS = /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/;

/** The part of them that concern the BMC's certificate. */
const CERTIFICATE = /^(ERR_TLS_CERT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_)/;

const WORDS: Readonly<Record<ConnectionFailure, string>> = {
  name: 'its name cannot be resolved',
  refused: 'it refuses the connection',
  unreachable: 'it is unreachable',
  reset: 'it closed the connection',
  tls: 'TLS failed',
};

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function failureOf(code: string): ConnectionFailure {
  if (NAMES.has(code)) return 'name';
  if (code === 'ECONNREFUSED') return 'refused';
  if (UNREACHABLE.has(code)) return 'unreachable';
  return TLS.test(code) ? 'tls' : 'reset';
}

/**
 * How far an exchange had come: no connection had taken the request; a part of an upload was sent; no answer had begun;
 * its body was arriving.
 */
export type WirePhase = 'connect' | 'upload' | 'first-byte' | 'body';

/** The RedfishError for an error of undici or the socket. */
export function wireError(error: Error, phase: WirePhase, method: string, url: string): RedfishError {
  if (error instanceof RedfishError) return error;
  const code = codeOf(error);
  const details = { method, url, cause: error };
  const isUnsent = phase === 'connect';
  const isFirst = phase === 'first-byte' && method === 'GET';
  const advice =
    isFirst && url.startsWith('http:')
      ? ' If the BMC speaks https there, use an address that begins with https://.'
      : '';
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || (isUnsent && code === 'ETIMEDOUT')) {
    return new RedfishTimeoutError('connect', `No connection for ${method} ${url} in time.`, details);
  }
  // What undici quotes of the answer may hold a token, so it does not become the cause.
  if (error.name === 'HTTPParserError' || error.message === 'bad upgrade') {
    const why = /\(([^)]*)\)/.exec(error.message)?.[1] ?? error.message;
    return new RedfishResponseError(`The answer to ${method} ${url} is not valid HTTP: ${why}.${advice}`, {
      method,
      url,
    });
  }
  if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW' || code.startsWith('UND_ERR_RES')) {
    return new RedfishResponseError(
      `The answer to ${method} ${url} is not valid HTTP (${code}).${advice}`,
      details,
    );
  }
  const failure = failureOf(code);
  // OpenSSL's own messages name its source files and lines, and the code says as much.
  const hasWords = failure === 'tls' && code !== 'EPROTO' && !code.startsWith('ERR_SSL_');
  const certificate = hasWords ? `: ${error.message}` : '';
  const text = `${broken(phase, failure, method, url)} (${code})${certificate}`;
  const option = CERTIFICATE.test(code) ? 'ca' : undefined;
  const plain = NO_TLS.test(code) ? ' Does the BMC speak http there, without TLS?' : '';
  const end = phase === 'upload' ? ' It may refuse the file.' : plain;
  const message = `${text.replace(/\.$/, '')}.${end}`;
  return new RedfishConnectionError(failure, isUnsent, message, { ...details, option });
}

function broken(phase: WirePhase, failure: ConnectionFailure, method: string, url: string): string {
  if (phase === 'connect') return `Unable to connect to ${url}: ${WORDS[failure]}`;
  if (phase === 'upload') return `The BMC closed the connection during the upload of ${method} ${url}`;
  const when = phase === 'body' ? 'while its answer arrived' : 'before it was answered';
  return `The connection of ${method} ${url} broke ${when}`;
}
