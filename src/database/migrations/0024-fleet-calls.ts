export const sql = `
-- Calls of one method on many nodes. A live process, conductor_id, starts their jobs.
create table fleet_calls (
  -- Order of creation.
  seq bigint generated always as identity,
  id uuid primary key,
  state text not null default 'running'
    check (state in ('running', 'paused', 'stopping', 'cancelling', 'finished', 'stopped', 'cancelled')),
  -- Why it stopped.
  reason text,
  method text not null,
  http_method text not null,
  -- Emptied at the end, because they may be secret.
  args json not null,
  -- The filter as it was given; null for a list of nodes.
  filter json,
  nodes int not null,
  canary int not null,
  parallelism int not null,
  -- At so many failures, or so many percent of the nodes; never without both.
  stop_failures int,
  stop_percent int,
  lock_wait int not null,
  request_id text not null,
  caller json not null,
  remote_address text,
  conductor_id uuid,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  cancel_requested_by text
);
create index fleet_calls_seq on fleet_calls (seq);
create index fleet_calls_open on fleet_calls (seq) where ended_at is null;
create index fleet_calls_ended_at on fleet_calls (ended_at) where ended_at is not null;

-- The nodes of a fleet call in their order. The id of the job is there before the job is.
create table fleet_call_nodes (
  fleet_call uuid not null references fleet_calls (id) on delete cascade,
  position int not null,
  node_uuid uuid not null,
  job_id uuid not null default gen_random_uuid() unique,
  -- 'waiting', 'started', 'skipped', and what jobs end in.
  state text not null default 'waiting',
  has_job boolean not null default false,
  -- Of the job, or why there is none.
  error json,
  primary key (fleet_call, position)
);
create index fleet_call_nodes_open on fleet_call_nodes (fleet_call, position) where state in ('waiting', 'started');

alter table jobs add column fleet_call uuid;
create index jobs_fleet_call on jobs (fleet_call, seq) where fleet_call is not null;

-- A job of a fleet call begins once, and only while the fleet call runs: its lock is shared until the commit, so that
-- none begins after a pause.
create function jobs_begin_of_fleet_call() returns trigger language plpgsql as $$
begin
  perform from fleet_calls where id = new.fleet_call and state = 'running' for share;
  if found then
    update fleet_call_nodes set state = 'started', has_job = true where job_id = new.id and state = 'waiting';
    if found then
      return new;
    end if;
  end if;
  raise unique_violation using message = 'The fleet call begins no such job now.';
end $$;
create trigger jobs_begin_of_fleet_call before insert on jobs for each row
  when (new.fleet_call is not null) execute function jobs_begin_of_fleet_call();

-- Whatever ends a job: the outcome stays when the job is deleted.
create function jobs_end_of_fleet_call() returns trigger language plpgsql as $$
begin
  update fleet_call_nodes set state = new.state, error = new.error where job_id = new.id;
  return new;
end $$;
create trigger jobs_end_of_fleet_call before update of state on jobs for each row
  when (new.fleet_call is not null and new.finished_at is not null) execute function jobs_end_of_fleet_call();
`;
