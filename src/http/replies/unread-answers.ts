import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';

/**
 * Ends connections whose client takes nothing of an answer for so long. Node closes idle connections by itself, but
 * leaves those that await an answer to a listener.
 * @param limit milliseconds.
 */
export function cutUnreadAnswers(server: Server, limit: number): void {
  server.timeout = limit;
  server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    response.on('timeout', closeIfUnread);
  });
}

/** Nothing to write: the call still runs, so the client rightly waits. */
function closeIfUnread(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}
