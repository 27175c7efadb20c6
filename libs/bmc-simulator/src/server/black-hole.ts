import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** A server that accepts connections and never answers, for tests of time limits. */
export interface BlackHole {
  readonly port: number;
  readonly connections: number;
  connected(): Promise<void>;
  close(): Promise<void>;
}

export async function startBlackHole(): Promise<BlackHole> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server),
    get connections() {
      return sockets.size;
    },
    connected: async () => {
      await once(server, 'connection');
    },
    close: async () => {
      const done = new Promise<void>((resolve) => server.close(() => resolve()));
      sockets.forEach((socket) => socket.destroy());
      await done;
    },
  };
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('The server does not listen on a port.');
  }
  return address.port;
}
