export const sql = `
-- What a process does and can run. Rows that an earlier version writes have the defaults; what such a process can
-- run is not known.
alter table conductors
  add column role text not null default 'all',
  add column conductor_group text not null default '',
  add column version text,
  -- URL for calls that other processes forward to it.
  add column address text,
  add column drivers json,
  -- It takes no more work.
  add column is_leaving boolean not null default false;
`;
