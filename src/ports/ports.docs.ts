import { z } from 'zod';
import { type ListingDoc } from '../openapi/listing.js';
import { PortgroupNotFound, PortNotFound } from './errors.js';
import { PORTGROUPS_QUERY } from './portgroups.request.js';
import { PORTS_QUERY } from './ports.request.js';

const UUID = 'd1f0a3b2-6c57-4e98-8b0d-3a2c1f4e5d60';
const Links = z.array(z.object({ href: z.string(), rel: z.string() }));
const Members = z.record(z.string(), z.unknown());
const Text = z.string().nullable();
const links = (collection: string) => [
  { href: `http://127.0.0.1:6385/v1/${collection}/${UUID}`, rel: 'self' },
  { href: `http://127.0.0.1:6385/${collection}/${UUID}`, rel: 'bookmark' },
];
const OF_BOTH = {
  uuid: z.uuid(),
  name: Text,
  node_uuid: z.uuid(),
  physical_network: Text,
  category: Text,
  extra: Members,
  internal_info: Members,
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }).nullable(),
  links: Links,
};

const Port = z
  .object({
    ...OF_BOTH,
    address: z.string().describe('The MAC address.'),
    portgroup_uuid: z.uuid().nullable(),
    pxe_enabled: z.boolean(),
    local_link_connection: Members.describe('To which port of which switch it is connected.'),
    is_smartnic: z.boolean(),
    description: Text,
    vendor: Text,
  })
  .partial();

const Portgroup = z
  .object({
    ...OF_BOTH,
    address: Text.describe('The MAC address.'),
    standalone_ports_supported: z.boolean(),
    mode: z.string(),
    properties: Members,
    ports: Links,
  })
  .partial();

const NEXT = '`next` links to the page that follows a full one.';

export const PORTS_LISTING: ListingDoc = {
  tag: 'ports',
  summary: 'List ports',
  description: `A page of ports, the network interfaces of nodes. ${NEXT}`,
  query: PORTS_QUERY,
  notFound: new PortNotFound(UUID),
  response: z.object({ ports: z.array(Port), next: z.string().optional() }),
  example: { ports: [{ uuid: UUID, address: '52:54:00:8a:1c:07', links: links('ports') }] },
};

export const PORTGROUPS_LISTING: ListingDoc = {
  tag: 'ports',
  summary: 'List port groups',
  description: `A page of port groups, which bond ports of a node. Since 1.23; below it 404. ${NEXT}`,
  query: PORTGROUPS_QUERY,
  notFound: new PortgroupNotFound(UUID),
  response: z.object({ portgroups: z.array(Portgroup), next: z.string().optional() }),
  example: {
    portgroups: [{ uuid: UUID, name: 'bond0', address: '52:54:00:8a:1c:06', links: links('portgroups') }],
  },
};
