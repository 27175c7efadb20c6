import { STATUS_CODES } from 'node:http';
import { type FerruleError } from '@ferrule/driver-kit';

/**
 * An error as Ironic's clients read it. The value of the one key is a string: with an object in its place
 * ironicclient crashes.
 */
export function envelope(error: FerruleError): { error_message: string } {
  const fault = {
    faultcode: error.status < 500 ? 'Client' : 'Server',
    faultstring: error.message,
    debuginfo: null,
  };
  return { error_message: JSON.stringify(fault) };
}

/** An error as RFC 9457 has it. */
export function problem(error: FerruleError, requestId: string): Record<string, unknown> {
  return {
    ...error.details,
    type: 'about:blank',
    title: STATUS_CODES[error.problemStatus] ?? 'Error',
    status: error.problemStatus,
    detail: error.message,
    code: error.code,
    request_id: requestId,
  };
}
