import { type Server } from 'node:http';
import { type Socket } from 'node:net';

export class Sockets {
  current = 0;
  max = 0;
  total = 0;
  /** Includes those that never finished a TLS handshake. */
  private readonly open = new Set<Socket>();
  private readonly serials = new WeakMap<Socket, number>();
  private readonly requests = new WeakMap<Socket, number>();

  constructor(
    server: Server,
    isSecure: boolean,
    private readonly onChange: () => void,
  ) {
    server.on('connection', (socket: Socket) => {
      this.open.add(socket);
      socket.once('close', () => this.open.delete(socket));
      // A reset by the client is not an error of the BMC.
      socket.on('error', () => undefined);
    });
    server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => this.count(socket));
  }

  serial(socket: Socket): number {
    return this.serials.get(socket) ?? 0;
  }

  use(socket: Socket): number {
    const before = this.requests.get(socket) ?? 0;
    this.requests.set(socket, before + 1);
    return before;
  }

  destroyAll(): void {
    this.open.forEach((socket) => socket.destroy());
  }

  private count(socket: Socket): void {
    this.total += 1;
    this.current += 1;
    this.max = Math.max(this.max, this.current);
    this.serials.set(socket, this.total);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.current -= 1;
      this.onChange();
    });
    this.onChange();
  }
}

/** Ends a connection with RST if the platform supports it, so that the client sees ECONNRESET. */
export function reset(socket: Socket): void {
  try {
    socket.resetAndDestroy();
  } catch {
    // A TLS socket has no TCP handle of its own, so it can only be destroyed.
    socket.destroy();
  }
}
