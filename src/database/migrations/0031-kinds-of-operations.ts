export const sql = `
-- The kind of the interface that a job calls; earlier versions call vendor interfaces alone.
alter table jobs add column kind text not null default 'vendor';
`;
