import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** Something that takes connections and never says a word: for connect, TLS and first-byte budgets. */
export interface BlackHole {
  readonly port: number;
  /** Connections open now. */
  readonly connections: number;
  /** Resolves with the next connection. */
  connected(): Promise<void>;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
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

/** The port of a server that listens on TCP. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('The server listens on no port.');
  }
  return address.port;
}
