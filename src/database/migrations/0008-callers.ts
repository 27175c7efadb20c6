export const sql = `
-- Who made the call, as JSON. The column was a text before, which no version set.
alter table jobs drop column caller;
alter table jobs add column caller json;
-- The name of whoever the lock is held for.
alter table reservations add column caller text;
`;
