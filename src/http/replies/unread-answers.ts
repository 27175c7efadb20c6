import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';

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
