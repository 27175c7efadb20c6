import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { HeldBytes } from '../limits/held-bytes.js';

/** Smaller ones are left out: connections bound their number. */
const LARGE = 262_144;
/** Bytes of large answers together that their clients have not taken. */
const TOTAL = 268_435_456;

const unread = new HeldBytes(TOTAL);

/**
 * Before the answer ends. Beyond the total, the connection of the oldest is closed.
 * @returns to be called if a part of an answer was taken before its end.
 */
export function holdAnswer(response: ServerResponse, bytes: number): () => void {
  if (bytes < LARGE) return () => {};
  const answer = { abandon: () => response.destroy() };
  unread.add(answer, bytes);
  const taken = (): void => {
    response.removeListener('close', taken);
    unread.remove(answer);
  };
  response.once('close', taken);
  return taken;
}

/**
 * Ends connections whose client takes nothing of an answer for so long. A connection
 * on which nothing happens while its call runs stays open.
 * @param limit milliseconds.
 */
export function cutUnreadAnswers(server: Server, limit: number): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // Until Node sets the time of an idle connection, after the answer.
    request.socket.setTimeout(limit);
    response.on('timeout', closeIfUnread);
  });
}

/** Nothing to write: the call still runs, so the client rightly waits. */
function closeIfUnread(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}
