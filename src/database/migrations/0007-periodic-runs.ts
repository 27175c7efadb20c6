export const sql = `
-- One row for each periodic method of each hardware type. While conductor_id names a living conductor, it runs there.
create table periodic_runs (
  key text primary key,
  next_run timestamptz not null,
  conductor_id uuid
);
`;
