export const sql = `
-- One row once a process had FERRULE_WEBHOOK_URL: from then on ends of jobs are kept for it.
create table webhook_switch (is_only boolean primary key default true check (is_only));
-- Ends of jobs that the receiver has not acknowledged.
create table webhook_deliveries (
  job_id uuid primary key references jobs (id) on delete cascade,
  ended_at timestamptz not null,
  attempts integer not null default 0,
  -- While a process sends it, when another one may.
  next_try timestamptz not null
);
create index webhook_deliveries_next_try on webhook_deliveries (next_try);
create function jobs_note_end() returns trigger language plpgsql as $$
begin
  insert into webhook_deliveries (job_id, ended_at, next_try)
  select new.id, new.finished_at, new.finished_at from webhook_switch;
  return null;
end $$;
create trigger jobs_end after update of state on jobs for each row
  when (old.finished_at is null and new.finished_at is not null)
  execute function jobs_note_end();
`;
