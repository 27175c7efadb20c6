import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { RedfishRefusedAddressError } from '../errors.js';
import { addressAllowed, type Networks } from '../networks.js';
import type { RedfishTarget } from '../target.js';

/** What decides where and how connections are made. */
export interface ConnectorOptions {
  readonly tls: RedfishTarget['tls'];
  readonly networks: Networks | undefined;
  /** Milliseconds; the last resort behind the exchange's own clock. */
  readonly timeout: number;
  readonly lookup: LookupFunction | undefined;
}

function refused(host: string, address: string): RedfishRefusedAddressError {
  const which = host === address ? address : `${host} (${address})`;
  return new RedfishRefusedAddressError(`${which} is not an address this service may connect to.`, {
    url: host,
  });
}

/**
 * A name lookup that returns only addresses which may be connected to. The socket connects to what this
 * returns, so that a name that answers differently the second time gains nothing.
 */
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

/** Makes the function undici opens sockets with: one set of TLS rules, every address checked. */
export function connectorFor(options: ConnectorOptions): buildConnector.connector {
  const { verify, ca, minVersion, ciphers } = options.tls;
  const chosen = ciphers ?? (minVersion === '1.1' ? OLD_CIPHERS : undefined);
  const connect = buildConnector({
    timeout: options.timeout,
    lookup: guardedLookup(options.networks, options.lookup),
    rejectUnauthorized: verify,
    // Firmware that resumes TLS sessions wrongly is common, and kept sockets make resuming rare.
    maxCachedSessions: 0,
    ...(ca === undefined ? {} : { ca }),
    ...(minVersion === undefined ? {} : { minVersion: `TLSv${minVersion}` as const }),
    ...(chosen === undefined ? {} : { ciphers: chosen }),
  });
  return (target, callback) => {
    const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
    // Sockets do not look literals up, so these are checked here.
    if (isIP(host) !== 0 && !addressAllowed(host, options.networks)) callback(refused(host, host), null);
    else connect(target, callback);
  };
}

/** OpenSSL 3 speaks TLS 1.1 at security level 0 only. */
const OLD_CIPHERS = 'DEFAULT@SECLEVEL=0';
