import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Config } from '../../config/config.js';
import { codeOf } from '../../database/faults/error-code.js';
import { isLoopback } from '../../http/loopback.js';

export type ListenAddress = { readonly address: string } | { readonly problem: string };

type Listening = Pick<Config, 'host' | 'port' | 'metrics' | 'auth' | 'allowUnauthenticated'>;

const ANY_ADDRESS = ['0.0.0.0', '::'];

/** A problem if there is no address, if its metrics have it, or if other machines can reach it without authentication. */
export async function listenAddress({
  host,
  port,
  metrics,
  auth,
  allowUnauthenticated,
}: Listening): Promise<ListenAddress> {
  let addresses: string[];
  try {
    addresses = (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    return noSuchHost(host, codeOf(error) ?? String(error));
  }
  const [first] = addresses;
  if (first === undefined) return noSuchHost(host, 'it has no address');
  if (typeof metrics === 'object' && port !== 0 && metrics.port === port && overlap(metrics.host, first)) {
    return {
      problem:
        `FERRULE_METRICS and FERRULE_PORT have the same port ${port} on ${metrics.host}. Give the metrics a port of ` +
        'their own, or set FERRULE_METRICS=on to have them on the port of the API.',
    };
  }
  const open = addresses.find((address) => !isLoopback(address));
  if (open === undefined || auth.length > 0 || allowUnauthenticated) return { address: first };
  const shown = open === host ? host : `${host} (${open})`;
  return {
    problem:
      `With FERRULE_HOST=${shown} other machines can reach the service, and there is no authentication: they could ` +
      'control every node. Set FERRULE_AUTH, or FERRULE_HOST=127.0.0.1, or FERRULE_ALLOW_UNAUTHENTICATED=true if ' +
      'a firewall or proxy protects the service.',
  };
}

function overlap(one: string, other: string): boolean {
  return one === other || ANY_ADDRESS.includes(one) || ANY_ADDRESS.includes(other);
}

/** A warning if others may read what callers send. */
export function openness(
  address: string,
  { tlsCert, trustedProxies }: Pick<Config, 'tlsCert' | 'trustedProxies'>,
): string[] {
  if (isLoopback(address) || tlsCert !== undefined || trustedProxies !== undefined) return [];
  return [
    'Other machines can reach the service and there is no TLS: passwords and tokens can be read on the way. Set ' +
      'FERRULE_TLS_CERT and FERRULE_TLS_KEY, or FERRULE_TRUSTED_PROXIES if a reverse proxy serves https.',
  ];
}

/** @throws the system's error if the service could not listen there. */
export async function assertFree(address: string, port: number): Promise<void> {
  const server = createServer();
  server.listen(port, address);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

function noSuchHost(host: string, reason: string): ListenAddress {
  return {
    problem:
      `FERRULE_HOST=${host} is neither an address of this machine nor a name of one (${reason}). ` +
      'Set it to an address to listen on, for example 127.0.0.1.',
  };
}
