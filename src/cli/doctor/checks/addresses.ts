import { isIPv6 } from 'node:net';
import { type JsonObject } from '@ferrule/driver-kit';

export interface BmcAddress {
  /** Key of driver_info. */
  readonly key: string;
  /** Its value. */
  readonly text: string;
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

const KEY = /^(.*_)?(address|host|url|endpoint)$/;
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * Where the BMC of a node is, as far as the names of driver_info tell without its driver: URLs, or hosts with or without
 * a port, for which https is assumed. A key such as `acme_port` is the port for `acme_address`.
 */
export function bmcAddresses(driverInfo: JsonObject): BmcAddress[] {
  return Object.entries(driverInfo).flatMap(([key, value]) => {
    const [isAddress, prefix = ''] = KEY.exec(key) ?? [];
    if (isAddress === undefined || typeof value !== 'string') return [];
    const text = value.trim();
    const url = urlOf(text);
    if (url === undefined) return [];
    const port = Number(url.port || (driverInfo[`${prefix}port`] ?? PORTS[url.protocol]));
    if (!Number.isInteger(port) || port < 1 || port > 65_535) return [];
    // Node has IPv6 addresses without brackets.
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    return [{ key, text, host, port, isTls: url.protocol === 'https:' }];
  });
}

/** The value with an IP address in place of the name. */
export function withIp({ text }: BmcAddress, ip: string): string {
  const isUrl = text.includes('://');
  const url = new URL(isUrl ? text : `https://${text}`);
  url.hostname = isIPv6(ip) ? `[${ip}]` : ip;
  if (isUrl) return url.href;
  return url.port === '' ? ip : url.host;
}

function urlOf(text: string): URL | undefined {
  const isBareIpv6 = /^[\da-f:]+$/i.test(text) && text.split(':').length > 2;
  const full = text.includes('://') ? text : `https://${isBareIpv6 ? `[${text}]` : text}`;
  if (!URL.canParse(full)) return undefined;
  const url = new URL(full);
  return url.protocol in PORTS && url.hostname !== '' ? url : undefined;
}
