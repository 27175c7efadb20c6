export const sql = `
-- The transaction that last changed what is shown of the job.
alter table jobs add column change xid8 not null default pg_current_xact_id();
create index jobs_change on jobs (change, seq);
create function jobs_note_change() returns trigger language plpgsql as $$
begin
  new.change := pg_current_xact_id();
  return new;
end $$;
create trigger jobs_change
  before update of state, progress, conductor, cancel_requested_at on jobs
  for each row execute function jobs_note_change();
-- One row, which is gone after a crash, a failover and the restore of a backup: transactions of before may then be
-- numbered again, and positions in the changes of jobs are those of another history.
create unlogged table job_history (
  is_only boolean primary key default true check (is_only),
  id uuid not null default gen_random_uuid()
);
`;
