import { codeOf } from '../../files/error-code.js';
import { ClientError, ConnectionError } from './client-error.js';

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EPROTO']);

const WHERE = 'Set --url or FERRULE_URL if the service is elsewhere.';

/** Why there is no answer. @param hasAnswered whether the service has answered before. */
export function connectionError(base: URL, error: unknown, hasAnswered: boolean): ClientError {
  if (error instanceof ClientError) return error;
  const code = codeOf(error) ?? '';
  const isUnsent = UNSENT.has(code) || isUntrusted(code);
  const guess = hasAnswered || base.protocol === 'https:' ? '' : '; perhaps it speaks https';
  return new ConnectionError(`${base.href}: ${reasonOf(base, code, error, guess)}`, isUnsent, {
    cause: error,
  });
}

function isUntrusted(code: string): boolean {
  return UNTRUSTED.has(code) || code === 'CERT_HAS_EXPIRED' || code === 'ERR_TLS_CERT_ALTNAME_INVALID';
}

/** @param guess behind what another protocol causes, too. */
function reasonOf(base: URL, code: string, error: unknown, guess: string): string {
  if (UNTRUSTED.has(code)) {
    return `its certificate is not trusted (${code}). Name the file of its authority with --ca or FERRULE_CA.`;
  }
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens there. Is the service running? ${WHERE}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${base.hostname} has no address (${code}). ${WHERE}`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `the machine cannot be reached (${code}). ${WHERE}`;
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired.';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate is for other names than ${base.hostname}.`;
    case 'EPROTO':
      return 'what listens there does not speak https.';
    case 'ECONNRESET':
    case 'EPIPE':
      return `the connection was closed before the answer was whole (${code})${guess}.`;
    default:
      if (code.startsWith('HPE_')) return `what listens there does not speak http (${code})${guess}.`;
      return error instanceof Error ? error.message : String(error);
  }
}
