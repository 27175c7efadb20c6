export const sql = `
-- Id of the key that body is encrypted with, which then has the headers, too; null: both are in the clear.
alter table idempotency_keys add column sealed_with text;
`;
