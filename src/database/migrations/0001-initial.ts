export const sql = `
create table nodes (
  id bigint generated always as identity primary key,
  uuid uuid not null unique,
  name text unique,
  driver text not null,
  driver_info json not null default '{}',
  driver_internal_info json not null default '{}',
  extra json not null default '{}',
  properties json not null default '{}',
  instance_info json not null default '{}',
  instance_uuid uuid unique,
  instance_name text,
  allocation_uuid uuid,
  chassis_uuid uuid,
  provision_state text not null,
  target_provision_state text,
  provision_updated_at timestamptz,
  power_state text,
  target_power_state text,
  maintenance boolean not null default false,
  maintenance_reason text,
  fault text,
  last_error text,
  last_error_by_passthru boolean not null default false,
  console_enabled boolean not null default false,
  boot_mode text,
  secure_boot boolean,
  health text,
  automated_clean boolean,
  disable_power_off boolean not null default false,
  protected boolean not null default false,
  protected_reason text,
  retired boolean not null default false,
  retired_reason text,
  clean_step json not null default '{}',
  deploy_step json not null default '{}',
  service_step json not null default '{}',
  raid_config json not null default '{}',
  target_raid_config json not null default '{}',
  traits json not null default '[]',
  network_data json not null default '{}',
  resource_class text,
  conductor_group text not null default '',
  owner text,
  lessee text,
  description text,
  shard text,
  parent_node uuid references nodes (uuid),
  inspection_started_at timestamptz,
  inspection_finished_at timestamptz,
  bios_interface text not null,
  boot_interface text not null,
  console_interface text not null,
  deploy_interface text not null,
  firmware_interface text not null,
  inspect_interface text not null,
  management_interface text not null,
  network_interface text not null,
  power_interface text not null,
  raid_interface text not null,
  rescue_interface text not null,
  storage_interface text not null,
  vendor_interface text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz
);
create index nodes_parent_node on nodes (parent_node) where parent_node is not null;

-- Updated in place at every exclusive call: a low fill factor and no index on what changes keep
-- those updates on their page.
create table reservations (
  node_id bigint primary key references nodes (id) on delete cascade,
  token uuid,
  fence bigint not null default 0,
  holder text,
  purpose text,
  since timestamptz,
  expires_at timestamptz,
  job_id uuid
) with (fillfactor = 50);

create table jobs (
  seq bigint generated always as identity unique,
  id uuid primary key,
  state text not null,
  driver text not null,
  vendor_interface text not null,
  method text not null,
  http_method text not null,
  node_id bigint references nodes (id) on delete set null,
  node_uuid uuid,
  args json not null default '{}',
  reservation_token uuid,
  request_id text not null,
  progress json,
  result json,
  error json,
  has_attachment boolean not null default false,
  conductor text,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create index jobs_node on jobs (node_uuid, seq);
create index jobs_open on jobs (state, expires_at) where state in ('queued', 'running');
create index jobs_finished on jobs (finished_at) where finished_at is not null;

create table job_attachments (
  job_id uuid primary key references jobs (id) on delete cascade,
  content_type text not null,
  filename text,
  body bytea not null
);
`;
