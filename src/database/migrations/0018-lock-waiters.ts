export const sql = `
-- Calls that wait for the lock of a node, in the order of their numbers. Unlogged: a crash of PostgreSQL ends the
-- connections of all that wait, who then ask again.
create unlogged table lock_waiters (
  node_id bigint not null,
  number bigint generated always as identity,
  token uuid not null unique,
  conductor_id uuid not null,
  until timestamptz not null,
  primary key (node_id, number)
);
create index lock_waiters_until on lock_waiters (until);
`;
