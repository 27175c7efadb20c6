export const sql = `
-- How often the job was adopted. While it runs, this number identifies its adoption.
alter table jobs add column adoptions integer not null default 0;
`;
