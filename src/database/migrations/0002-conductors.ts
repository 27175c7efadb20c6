export const sql = `
-- One row for each life of a process: whoever lost its lease comes back under a new id.
create table conductors (
  id uuid primary key,
  hostname text not null,
  started_at timestamptz not null default now(),
  expires_at timestamptz not null
) with (fillfactor = 50);

-- The process that holds the lock; null when a job does.
alter table reservations drop column expires_at, add column conductor_id uuid;

drop index jobs_open;
alter table jobs
  drop column expires_at,
  add column conductor_id uuid,
  add column enqueued_at timestamptz not null default now();
create index jobs_open on jobs (state, seq) where state in ('queued', 'running');

-- A node's updated_at as it is now. A statement that waited for a lock still sees the nodes as they were
-- when it began; a volatile function looks afresh.
create function node_updated_at(node bigint) returns timestamptz
  language plpgsql volatile strict
  as 'begin return (select updated_at from nodes where id = node); end';
`;
