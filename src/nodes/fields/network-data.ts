import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { BadRequest } from '../../http/errors.js';
import { firstOf } from '../../text/listed.js';

const OCTET = '(?:25[0-5]|2[0-4]\\d|[01]?\\d?\\d)';
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);
const IPV4_MASK = /^(?:255\.){0,3}(?:254|252|248|240|224|192|128|0)(?:\.0){0,3}$/;
const MAC = /^(?:[\da-f]{2}[:-]){5}[\da-f]{2}$/i;

const ipv4 = z.string().regex(IPV4, 'expected an IPv4 address');
const ipv4Mask = z
  .string()
  .refine((text) => text.split('.').length === 4 && IPV4_MASK.test(text), 'expected an IPv4 network mask');
const ipv6 = z.string().refine((text) => isIPv6(text), 'expected an IPv6 address');
const ipv6WithPrefix = z
  .string()
  .refine((text) => isIPv6(text.replace(/\/\d{1,2}$/, '')), 'expected an IPv6 address');
/** Without a zone and without an embedded IPv4 address. */
const ipv6Network = z
  .string()
  .refine((text) => isIPv6(text) && !/[%.]/.test(text), 'expected an IPv6 network');
const mac = z.string().regex(MAC, 'expected a MAC address');

const link = {
  id: z.string(),
  mtu: z.number().min(1).max(65_535).nullable().optional(),
  vif_id: z.string().optional(),
};
const Link = z.discriminatedUnion('type', [
  z.looseObject({
    ...link,
    type: z.enum(['bridge', 'dvs', 'hw_veb', 'hyperv', 'ovs', 'tap', 'vhostuser', 'vif', 'phy']),
    ethernet_mac_address: mac,
  }),
  z.looseObject({
    ...link,
    type: z.literal('bond'),
    ethernet_mac_address: mac,
    bond_mode: z.enum([
      '802.3ad',
      'balance-rr',
      'active-backup',
      'balance-xor',
      'broadcast',
      'balance-tlb',
      'balance-alb',
    ]),
    bond_links: z.array(z.string()),
  }),
  z.looseObject({
    ...link,
    type: z.literal('vlan'),
    vlan_mac_address: mac,
    vlan_id: z.int(),
    vlan_link: z.string(),
  }),
]);

const serviceAt = <A extends z.ZodType>(address: A) => z.looseObject({ type: z.literal('dns'), address });
const routes = <A extends z.ZodType>(network: A, netmask: A, gateway: A, host: A) =>
  z
    .array(z.looseObject({ network, netmask, gateway, services: z.array(serviceAt(host)).optional() }))
    .optional();

const network = { id: z.string(), link: z.string(), network_id: z.string() };
const Network = z.discriminatedUnion('type', [
  z.looseObject({
    ...network,
    type: z.enum(['ipv4', 'ipv4_dhcp']),
    ip_address: ipv4.optional(),
    netmask: ipv4Mask.optional(),
    routes: routes<z.ZodString>(ipv4, ipv4Mask, ipv4, ipv4),
  }),
  z.looseObject({
    ...network,
    type: z.enum(['ipv6', 'ipv6_dhcp', 'ipv6_slaac']),
    ip_address: ipv6WithPrefix.optional(),
    netmask: ipv6Network.optional(),
    routes: routes<z.ZodString>(ipv6Network, ipv6Network, ipv6, ipv6WithPrefix),
  }),
]);

const NetworkData = z.looseObject({
  links: z.array(Link),
  networks: z.array(Network),
  services: z.array(serviceAt(z.union([ipv4, ipv6WithPrefix], 'expected an IP address'))),
});

export function checkNetworkData(value: unknown): void {
  const parsed = NetworkData.safeParse(value);
  if (parsed.success) return;
  const { named, rest } = firstOf(parsed.error.issues);
  const problems = named.map(({ path, message }) => `${['network_data', ...path].join('.')}: ${message}`);
  if (rest > 0) problems.push(`${rest} more problems`);
  throw new BadRequest(`Invalid network_data: ${problems.join('; ')}.`);
}
