export const sql = `
create table portgroups (
  -- Order of creation, for paging; not shown to clients.
  id bigint generated always as identity primary key,
  uuid uuid not null constraint portgroups_uuid_key unique,
  name text constraint portgroups_name_key unique,
  address text constraint portgroups_address_key unique,
  node_uuid uuid not null constraint portgroups_node_uuid_fkey references nodes (uuid) on delete cascade,
  standalone_ports_supported boolean not null default true,
  mode text not null,
  physical_network text,
  category text,
  -- These as they were written, with the order of their keys.
  properties json not null default '{}',
  extra json not null default '{}',
  internal_info json not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz,
  constraint portgroups_of_node_key unique (uuid, node_uuid)
);
create index portgroups_node_uuid on portgroups (node_uuid);

create table ports (
  id bigint generated always as identity primary key,
  uuid uuid not null constraint ports_uuid_key unique,
  name text constraint ports_name_key unique,
  address text not null constraint ports_address_key unique,
  node_uuid uuid not null constraint ports_node_uuid_fkey references nodes (uuid) on delete cascade,
  portgroup_uuid uuid,
  pxe_enabled boolean not null default true,
  is_smartnic boolean not null default false,
  physical_network text,
  description text,
  vendor text,
  category text,
  local_link_connection json not null default '{}',
  extra json not null default '{}',
  internal_info json not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz,
  -- A port is in a port group of its own node.
  constraint ports_portgroup_fkey foreign key (portgroup_uuid, node_uuid) references portgroups (uuid, node_uuid)
);
create index ports_node_uuid on ports (node_uuid);
create index ports_portgroup_uuid on ports (portgroup_uuid) where portgroup_uuid is not null;
`;
