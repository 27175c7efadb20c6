import { isIPv4, isIPv6 } from 'node:net';
import { isLoopback } from '../loopback.js';

export interface HostOptions {
  /** As configured; `0.0.0.0` and `::` mean all addresses. */
  readonly bound: string;
  readonly publicEndpoint: string | undefined;
  readonly allowed: readonly string[];
}

const WILDCARDS: readonly string[] = ['0.0.0.0', '::', ''];
const HOST_HEADER = /^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i;

const MAXIMUM_REMEMBERED = 256;

/**
 * A defence against DNS rebinding: a page can make its own name resolve to this machine, but cannot do that with an
 * address. So every address is accepted when the service listens on all of them.
 */
export class AcceptedHosts {
  private readonly names: ReadonlySet<string>;
  private readonly isAnyAddress: boolean;
  private readonly publicOrigin: string | undefined;
  private readonly remembered = new Set<string>();

  constructor({ bound, publicEndpoint, allowed }: HostOptions) {
    const endpoint = publicEndpoint === undefined ? undefined : new URL(publicEndpoint);
    const names = [bound, ...(endpoint ? [endpoint.hostname] : []), ...allowed].map(canonical);
    this.names = new Set(names.filter((name) => name !== undefined));
    this.isAnyAddress = WILDCARDS.includes(bound);
    this.publicOrigin = endpoint?.origin;
  }

  accepts(host: string, localAddress: string | undefined): boolean {
    if (this.remembered.has(host)) return true;
    const name = HOST_HEADER.test(host) ? canonical(host.replace(/:\d+$/, '')) : undefined;
    if (name === undefined) return false;
    const isAccepted =
      isLoopback(name) ||
      this.names.has(name) ||
      (isAddress(name) && (this.isAnyAddress || name === canonical(unmapped(localAddress))));
    if (isAccepted && this.remembered.size < MAXIMUM_REMEMBERED) this.remembered.add(host);
    return isAccepted;
  }

  /** @param asked of the request, whose host must have been accepted. */
  isOwnOrigin(origin: string, asked: string): boolean {
    return origin === asked || origin === this.publicOrigin;
  }
}

/** Lower case, IPv6 in brackets, no dot at the end. */
function canonical(text: string): string | undefined {
  const authority = isIPv6(text) ? `[${text}]` : text;
  const url = `http://${authority}`;
  if (authority === '' || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/\.$/, '');
}

function isAddress(name: string): boolean {
  return isIPv4(name) || name.startsWith('[');
}

/** IPv4 connections to an IPv6 socket show `::ffff:10.0.0.1`. */
function unmapped(address = ''): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
