export const sql = `
-- The last reports of a job, each attempt's in a ring of 100. Their writers hold the lock of the job's row.
create table job_progress (
  job_id uuid not null references jobs (id) on delete cascade,
  attempt integer not null,
  number integer not null,
  slot integer not null generated always as (number % 100) stored,
  at timestamptz not null,
  percent double precision,
  message text,
  primary key (job_id, attempt, slot)
);
`;
