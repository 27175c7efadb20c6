import { lookup as resolve } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** A list of networks, made by `parseNetworks`. */
export interface Networks {
  /** As written, in order. */
  readonly cidrs: readonly string[];
  /** Whether one of them contains an address, written without brackets. */
  contains(address: string): boolean;
}

/** Never connected to, because clouds put their metadata services there; with the IPv6 forms that carry an IPv4 address. */
const LINK_LOCAL = listOf([
  '169.254.0.0/16',
  'fe80::/10',
  'fd00:ec2::254/128',
  '::ffff:169.254.0.0/112',
  '::169.254.0.0/112',
  '64:ff9b::169.254.0.0/112',
  '2002:a9fe::/32',
]);

function listOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits, ...rest] = cidr.split('/');
    const family = isIP(address);
    const width = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
    if (family === 0 || rest.length > 0 || !(prefix >= 0 && prefix <= width)) {
      throw new TypeError(`"${cidr}" is not a network; write 10.0.0.0/8, fd00::/8 or a single address.`);
    }
    list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

function includes(list: BlockList, address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  const family = isIP(bare);
  return family !== 0 && list.check(bare, family === 4 ? 'ipv4' : 'ipv6');
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
  const list = listOf(cidrs);
  return { cidrs, contains: (address) => includes(list, address) };
}

/** Whether an address may be connected to: not link-local and, if there are networks, in one of them. */
export function addressAllowed(address: string, networks?: Networks): boolean {
  if (isIP(address.replace(/%.*$/, '')) === 0 || includes(LINK_LOCAL, address)) return false;
  return networks === undefined || networks.contains(address);
}

export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

export type ResolveAll = (name: string) => Promise<readonly string[]>;

const resolveAll: ResolveAll = async (name) =>
  (await resolve(name, { all: true, verbatim: true })).map(({ address }) => address);

/**
 * Whether a BMC may be told to send its events to `url`: every address of its name must be allowed. A name that does
 * not resolve here is allowed only if no networks are configured. The BMC may later resolve it differently.
 *
 * @returns `{allowed: true}`, or the reason as a sentence without the URL's path, query and userinfo
 */
export async function destinationAllowed(
  url: URL | string,
  networks?: Networks,
  names: ResolveAll = resolveAll,
): Promise<{ readonly allowed: true } | { readonly allowed: false; readonly reason: string }> {
  if (typeof url === 'string' && !URL.canParse(url)) return { allowed: false, reason: 'It is not a URL.' };
  const host = hostOf(new URL(url));
  if (host === '') return { allowed: false, reason: 'It names no host.' };
  let addresses: readonly string[];
  try {
    addresses = isIP(host) === 0 ? await names(host) : [host];
  } catch {
    if (networks === undefined) return { allowed: true };
    return { allowed: false, reason: `${host} cannot be resolved, so it cannot be checked.` };
  }
  const refused = addresses.find((address) => !addressAllowed(address, networks));
  if (refused === undefined && (addresses.length > 0 || networks === undefined)) return { allowed: true };
  const which = refused === undefined || refused === host ? host : `${host} (${refused})`;
  return { allowed: false, reason: `${which} is not in a network that events may be sent to.` };
}
