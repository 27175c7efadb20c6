export const sql = `
-- The list is in the order of time, which is that of the numbers unless the clock was set.
drop index audit_node, audit_caller, audit_action, audit_at;
create index audit_node on audit (node, at, seq) where node is not null;
create index audit_caller on audit (caller, at, seq) where caller is not null;
create index audit_action on audit (action, at, seq);
create index audit_at on audit (at, seq);

-- The id of the key that a process encrypts with; null: in the clear.
alter table conductors add column secrets_key text;
`;
