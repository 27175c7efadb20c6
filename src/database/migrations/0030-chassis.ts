export const sql = `
create table chassis (
  -- Order of creation, for paging; not shown to clients.
  id bigint generated always as identity primary key,
  uuid uuid not null constraint chassis_uuid_key unique,
  description text,
  -- As it was written, with the order of its keys.
  extra json not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz
);

alter table nodes add constraint nodes_chassis_uuid_fkey foreign key (chassis_uuid) references chassis (uuid);
create index nodes_chassis_uuid on nodes (chassis_uuid) where chassis_uuid is not null;
`;
