export const sql = `
-- Whose lock was broken last, for the process that held it: it looks for its own token.
alter table reservations add column broken_token uuid, add column broken_by text;
`;
