export const sql = `
-- Keys that secrets in this database may be encrypted with, by their ids; the keys themselves are never stored.
create table secrets_keys (
  id text primary key,
  since timestamptz not null default now()
);
`;
