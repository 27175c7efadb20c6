import { type LoggedLine } from '../logging/logged-line.js';
import { requestLine } from '../logging/request-line.js';
import { type Reservation } from './reservation.js';

const OF_REQUEST = 'request:';

/** A log line of a lock, with its node and the request that holds it. */
export function lockLine(text: string, { node, use }: Reservation): LoggedLine {
  const { purpose, caller } = use;
  const requestId = purpose.startsWith(OF_REQUEST) ? purpose.slice(OF_REQUEST.length) : undefined;
  return requestLine(text, { requestId, caller: { name: caller }, node });
}
