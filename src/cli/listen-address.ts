import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import { type Config } from '../config/config.js';
import { StartError } from '../config/start-error.js';
import { codeOf } from '../database/faults/error-code.js';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** @throws StartError without an address, or if other machines can reach it without FERRULE_ALLOW_UNAUTHENTICATED. */
export async function listenAddress({
  host,
  allowUnauthenticated,
}: Pick<Config, 'host' | 'allowUnauthenticated'>): Promise<string> {
  const addresses = await resolve(host);
  const [first] = addresses;
  if (first === undefined) throw noSuchHost(host, 'it has no address');
  const open = addresses.find((address) => !isLoopback(address));
  if (open === undefined || allowUnauthenticated) return first;
  const shown = open === host ? host : `${host} (${open})`;
  throw new StartError(
    `With FERRULE_HOST=${shown} other machines can reach the service, and there is no authentication yet: ` +
      'they could control every node. Set FERRULE_HOST=127.0.0.1, or FERRULE_ALLOW_UNAUTHENTICATED=true if ' +
      'a firewall or proxy protects the service.',
  );
}

export function isLoopback(address: string): boolean {
  return LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

async function resolve(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw noSuchHost(host, codeOf(error) ?? String(error));
  }
}

function noSuchHost(host: string, reason: string): StartError {
  return new StartError(
    `FERRULE_HOST=${host} is neither an address of this machine nor a name of one (${reason}). ` +
      'Set it to an address to listen on, for example 127.0.0.1.',
  );
}
