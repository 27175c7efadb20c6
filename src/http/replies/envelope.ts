import { STATUS_CODES } from 'node:http';
import { type FerruleError } from '@ferrule/driver-kit';
import { type BadCredentials } from '../errors.js';

/** In characters: an error may quote a request body. */
const MAXIMUM_MESSAGE = 32_768;

/** Ironic's format. The value must be a string: ironicclient crashes on an object. */
export function envelope(error: FerruleError): { error_message: string } {
  const fault = {
    faultcode: error.status < 500 ? 'Client' : 'Server',
    faultstring: messageOf(error),
    debuginfo: null,
  };
  return { error_message: JSON.stringify(fault) };
}

/** As Ironic answers requests whose credentials are missing or wrong, to the byte. */
export function credentialsEnvelope({ message, status }: BadCredentials): string {
  return `{"error": {"message": ${JSON.stringify(message)}, "code": ${status}}}`;
}

/** RFC 9457. */
export function problem(error: FerruleError, requestId: string): Record<string, unknown> {
  return {
    ...error.details,
    type: 'about:blank',
    title: STATUS_CODES[error.problemStatus] ?? 'Error',
    status: error.problemStatus,
    detail: messageOf(error),
    code: error.code,
    request_id: requestId,
  };
}

function messageOf({ message }: FerruleError): string {
  return message.length > MAXIMUM_MESSAGE ? `${message.slice(0, MAXIMUM_MESSAGE).toWellFormed()}…` : message;
}
