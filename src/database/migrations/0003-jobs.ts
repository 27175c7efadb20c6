/** Who asked for a job. */
export const sql = `
alter table jobs add column caller text;
`;
