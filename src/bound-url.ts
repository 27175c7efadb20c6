import { isIP, isIPv6 } from 'node:net';
import { type NestExpressApplication } from '@nestjs/platform-express';

/** The bound address; Nest's `getUrl` gives 127.0.0.1 for 0.0.0.0. */
export async function boundUrl(app: NestExpressApplication): Promise<string> {
  const bound = app.getHttpServer().address();
  if (bound === null || typeof bound === 'string') return String(bound);
  const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return `${new URL(await app.getUrl()).protocol}//${host}:${bound.port}`;
}

/** Null if it listens on all addresses, of which this process does not know which one others can reach. */
export async function reachableUrl(app: NestExpressApplication): Promise<string | null> {
  const url = await boundUrl(app);
  return ['0.0.0.0', '[::]'].includes(new URL(url).hostname) ? null : url;
}

/** @param address an IP address, which gets the scheme and the port of the URL; an origin stays as it is. */
export function withAddress(url: string, address: string): string {
  if (isIP(address) === 0) return address;
  const { protocol, port } = new URL(url);
  return new URL(`${protocol}//${isIPv6(address) ? `[${address}]` : address}:${port}`).origin;
}
