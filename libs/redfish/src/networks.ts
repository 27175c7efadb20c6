import { lookup as resolve } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';

type Address = IPv4 | IPv6;

interface Network {
  readonly base: Address;
  readonly bits: number;
}

/** A list of networks, made by `parseNetworks`. */
export interface Networks {
  /** As written, in order. */
  readonly cidrs: readonly string[];
  /** Whether one of them contains an address, written without brackets. */
  contains(address: string): boolean;
  /** Whether one of them is this address, or a network that is refused by default and contains it, or a part of that. */
  names(address: string): boolean;
}

/** Not connected to unless a network names them: link-local, multicast and other ranges without BMCs. */
const REFUSED = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/128',
  'fe80::/10',
  'ff00::/8',
  // Teredo, and NAT64 with a local prefix: the IPv4 address inside cannot be told.
  '2001::/32',
  '64:ff9b:1::/48',
  // Metadata services of clouds: most of them, AWS ECS, Alibaba, Azure, Oracle; AWS, Google, Scaleway.
  '169.254.169.254/32',
  '169.254.170.2/32',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  'fd00:42::42/128',
].map(networkOf);

/** IPv6 networks whose addresses contain an IPv4 address: compatible, translated, NAT64; 6to4 is apart. */
const CARRIERS = ['::/96', '::ffff:0:0:0/96', '64:ff9b::/96'].map(networkOf);
const SIX_TO_FOUR = networkOf('2002::/16');

function networkOf(cidr: string): Network {
  const [address = '', bits, ...rest] = cidr.split('/');
  // ipaddr.js alone would also take 10.0.0 and 0x0a000001.
  const family = isIP(address);
  const width = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
  if (family === 0 || rest.length > 0 || !(prefix >= 0 && prefix <= width)) {
    throw new TypeError(`"${cidr}" is not a network; write 10.0.0.0/8, fd00::/8 or a single address.`);
  }
  const base = ipaddr.parse(address);
  const plain = ipaddr.process(address);
  // A mapped network is that of IPv4 addresses.
  const isMapped = base.kind() !== plain.kind() && prefix >= 96;
  return isMapped ? { base: plain, bits: prefix - 96 } : { base, bits: prefix };
}

/** The address without a zone; a mapped one as the IPv4 address it means. */
function addressOf(text: string): Address | undefined {
  const bare = text.replace(/%.*$/, '');
  return isIP(bare) === 0 ? undefined : ipaddr.process(bare);
}

function isIn(address: Address, { base, bits }: Network): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}

/** The address itself and, if it is an IPv6 address with an IPv4 address inside, that one. */
function meanings(address: Address): Address[] {
  const bytes = address.toByteArray();
  if (address.kind() === 'ipv4') return [address];
  if (isIn(address, SIX_TO_FOUR)) return [address, ipaddr.fromByteArray(bytes.slice(2, 6))];
  // ::1 is loopback.
  const isCarrier = CARRIERS.some((network) => isIn(address, network)) && bytes.slice(0, 15).some(Boolean);
  return isCarrier ? [address, ipaddr.fromByteArray(bytes.slice(12))] : [address];
}

/** The ranges that make an address be refused. */
function refusalsOf(address: Address): Network[] {
  const means = meanings(address);
  return REFUSED.filter((range) => means.some((each) => isIn(each, range)));
}

function isPartOf(part: Network, whole: Network): boolean {
  return part.bits >= whole.bits && isIn(part.base, whole);
}

/**
 * Reads networks in CIDR notation (`10.0.0.0/8`, `fd00::/8`) or single addresses, separated by commas or blanks.
 * Returns `undefined`, which means no restriction, for an empty list.
 *
 * @throws TypeError that names a wrong one
 */
export function parseNetworks(text: string | readonly string[] | undefined): Networks | undefined {
  const parts = typeof text === 'string' ? [text] : (text ?? []);
  const cidrs = parts.flatMap((part) => part.split(/[\s,]+/)).filter((part) => part !== '');
  if (cidrs.length === 0) return undefined;
  const networks = cidrs.map(networkOf);
  const around = (address: Address): Network[] => networks.filter((network) => isIn(address, network));
  return {
    cidrs,
    contains: (text) => {
      const address = addressOf(text);
      return address !== undefined && around(address).length > 0;
    },
    names: (text) => {
      const address = addressOf(text);
      if (address === undefined) return false;
      const refusals = refusalsOf(address);
      const width = address.toByteArray().length * 8;
      return around(address).some(
        (network) => network.bits === width || refusals.every((range) => isPartOf(network, range)),
      );
    },
  };
}

/**
 * Whether an address may be connected to: if there are networks, it must be in one of them, and if it is refused by
 * default, one of them must name it. `0.0.0.0/0` names nothing.
 */
export function addressAllowed(text: string, networks?: Networks): boolean {
  const address = addressOf(text);
  if (address === undefined) return false;
  if (refusalsOf(address).length > 0) return networks?.names(text) === true;
  return networks === undefined || networks.contains(text);
}

export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Milliseconds to wait for the addresses of a name. */
const RESOLVER_LIMIT = 10_000;

const resolveAll = async (name: string): Promise<readonly string[]> =>
  (await resolve(name, { all: true, verbatim: true })).map(({ address }) => address);

/** @throws if the resolver does not answer, as for a name that it does not know */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The resolver does not answer.')), RESOLVER_LIMIT);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Whether a BMC may be told to send its events to `url`: every address of its name must be allowed. A name that does
 * not resolve here is allowed only if no networks are configured. The BMC may later resolve it differently.
 *
 * @returns `{allowed: true}`, or the reason as a sentence without the URL's path, query and userinfo
 */
export async function destinationAllowed(
  url: URL | string,
  networks?: Networks,
  names: (name: string) => Promise<readonly string[]> = resolveAll,
): Promise<{ readonly allowed: true } | { readonly allowed: false; readonly reason: string }> {
  if (typeof url === 'string' && !URL.canParse(url)) return { allowed: false, reason: 'It is not a URL.' };
  const host = hostOf(new URL(url));
  if (host === '') return { allowed: false, reason: 'It names no host.' };
  let addresses: readonly string[];
  try {
    addresses = isIP(host) === 0 ? await inTime(names(host)) : [host];
  } catch {
    if (networks === undefined) return { allowed: true };
    return { allowed: false, reason: `${host} cannot be resolved, so it cannot be checked.` };
  }
  const refused = addresses.find((address) => !addressAllowed(address, networks));
  if (refused === undefined && (addresses.length > 0 || networks === undefined)) return { allowed: true };
  const which = refused === undefined || refused === host ? host : `${host} (${refused})`;
  return { allowed: false, reason: `${which} is not in a network that events may be sent to.` };
}
