export const sql = `
-- For lists of few among many jobs that have ended: each job is added once, at its end, since it is not changed after it.
create index jobs_ended_driver on jobs (driver, seq) where finished_at is not null;
create index jobs_ended_method on jobs (method, seq) where finished_at is not null;
create index jobs_ended_caller on jobs ((caller ->> 'name'), seq) where finished_at is not null;
`;
