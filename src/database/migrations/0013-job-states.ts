export const sql = `
alter table jobs add column cancel_requested_at timestamptz, add column cancel_requested_by text;
create index jobs_cancel_requested on jobs (conductor_id) where state = 'running' and cancel_requested_at is not null;

create function jobs_refuse_state() returns trigger language plpgsql as $$
begin
  raise exception 'A job that is % cannot become %.', old.state, new.state;
end $$;
-- The condition is cheaper than a call of the function for each change.
create trigger jobs_state before update of state on jobs for each row
  when (old.state is distinct from new.state and old.state || ' ' || new.state <> all (array[
    'queued running', 'queued cancelled', 'queued refused', 'queued outcome-unknown',
    'running queued', 'running succeeded', 'running failed', 'running cancelled', 'running timed-out',
    'running refused', 'running outcome-unknown']))
  execute function jobs_refuse_state();
`;
