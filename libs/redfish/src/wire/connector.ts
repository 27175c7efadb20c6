import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { RedfishRefusedAddressError } from '../errors.js';
import { addressAllowed, type Networks } from '../networks.js';
import { skipContinue } from './continue.js';
import type { RedfishTarget } from '../target.js';

export interface ConnectorOptions {
  readonly tls: RedfishTarget['tls'];
  readonly networks: Networks | undefined;
  /** Milliseconds. A backstop for the exchange's own time limit. */
  readonly timeout: number;
  readonly lookup: LookupFunction | undefined;
}

function refused(host: string, address: string): RedfishRefusedAddressError {
  const which = host === address ? address : `${host} (${address})`;
  return new RedfishRefusedAddressError(`${which} is not an address this service may connect to.`, {
    url: host,
  });
}

/** Looks a name up and checks the addresses. The socket connects to these, so a second lookup cannot evade the check. */
export function guardedLookup(
  networks: Networks | undefined,
  inner: LookupFunction = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    inner(hostname, { ...options, all: true }, (error, found, family) => {
      const addresses: LookupAddress[] =
        typeof found === 'string' ? [{ address: found, family: family ?? isIP(found) }] : found;
      if (error !== null) return callback(error, '');
      const allowed = addresses.filter(({ address }) => addressAllowed(address, networks));
      const [first] = allowed;
      if (first === undefined) return callback(refused(hostname, addresses[0]?.address ?? 'no address'), '');
      if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** Makes the function with which undici opens sockets: one set of TLS rules, every address checked. */
export function connectorFor(options: ConnectorOptions): buildConnector.connector {
  const { verify, ca, minVersion, ciphers } = options.tls;
  const chosen = ciphers ?? (minVersion === '1.1' ? OLD_CIPHERS : undefined);
  const connect = buildConnector({
    timeout: options.timeout,
    lookup: guardedLookup(options.networks, options.lookup),
    rejectUnauthorized: verify,
    // Much firmware resumes TLS sessions wrongly, and with kept sockets resuming is rare anyway.
    maxCachedSessions: 0,
    ...(ca === undefined ? {} : { ca }),
    ...(minVersion === undefined ? {} : { minVersion: `TLSv${minVersion}` as const }),
    ...(chosen === undefined ? {} : { ciphers: chosen }),
  });
  return (target, callback) => {
    const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
    // Literal addresses are not looked up, so they are checked here.
    if (isIP(host) !== 0 && !addressAllowed(host, options.networks)) callback(refused(host, host), null);
    else {
      connect(target, (...[error, socket]) => {
        if (error !== null) return callback(error, null);
        skipContinue(socket);
        callback(null, socket);
      });
    }
  };
}

/**
 * Whether a BMC that breaks a connection of plain http accepts a TLS handshake at the same port. Sends nothing else, and
 * never rejects.
 */
export async function speaksTls(origin: string, options: Omit<ConnectorOptions, 'tls'>): Promise<boolean> {
  const { hostname, port } = new URL(origin);
  const connect = connectorFor({ ...options, tls: { verify: false, minVersion: '1.1' } });
  return new Promise((resolve) => {
    connect({ hostname, port: port || '80', protocol: 'https:' }, (...[error, socket]) => {
      socket?.destroy();
      resolve(error === null);
    });
  });
}

/** OpenSSL 3 allows TLS 1.1 only at security level 0. */
const OLD_CIPHERS = 'DEFAULT@SECLEVEL=0';
