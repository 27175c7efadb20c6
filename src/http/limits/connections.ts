import { type Server } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { throttled } from '../../logging/throttled.js';
import { isLoopback } from '../loopback.js';
import { networkOf } from './network-of.js';

export interface ConnectionLimits {
  readonly total: number;
  /** Of one IPv4 address or one IPv6 network; loopback and `proxies` have none. */
  readonly perAddress: number;
  /** Networks that many clients share, as CIDRs. */
  readonly proxies: readonly string[];
}

/** Closes connections beyond the limits at once, before anything is read or a handshake begins. */
export function limitConnections(server: Server, { total, perAddress, proxies }: ConnectionLimits): void {
  const logger = new Logger('Connections');
  const warn = throttled((message) => logger.warn(message));
  const shared = blockList(proxies);
  const counts = new Map<string, number>();

  const admits = (socket: Socket): boolean => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isLoopback(remoteAddress) || contains(shared, remoteAddress))
      return true;
    const network = networkOf(remoteAddress);
    const count = counts.get(network) ?? 0;
    if (count >= perAddress) {
      warn(
        `A connection from ${network} was closed, since it has FERRULE_MAX_CONNECTIONS_PER_ADDRESS (${perAddress}).`,
      );
      return false;
    }
    counts.set(network, count + 1);
    socket.once('close', () => {
      const left = (counts.get(network) ?? 1) - 1;
      if (left > 0) counts.set(network, left);
      else counts.delete(network);
    });
    return true;
  };

  server.maxConnections = total;
  server.on('drop', () =>
    warn(`A connection was closed, since there are FERRULE_MAX_CONNECTIONS (${total}).`),
  );
  // Those of Node, which set up HTTP and TLS.
  const further = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    if (!admits(socket)) {
      socket.destroy();
      return;
    }
    for (const listener of further) Reflect.apply(listener, server, [socket]);
  });
}

export function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

export function contains(list: BlockList, address: string): boolean {
  return list.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
