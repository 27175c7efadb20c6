export const sql = `
-- With its driver, whose conductors may run a job.
alter table jobs add column conductor_group text not null default '';
`;
