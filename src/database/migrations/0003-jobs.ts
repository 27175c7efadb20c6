export const sql = `
alter table jobs add column caller text;
`;
