export const sql = `
-- What a job shows of its call: the arguments without secrets, and the fence of the lock that it got. Null for jobs of
-- earlier versions.
alter table jobs
  add column shown_args json,
  add column lock_fence bigint;
`;
