export const sql = `
-- For lists of a state that few jobs are in; those that succeed are not in it.
create index jobs_not_succeeded on jobs (state, seq) where state not in ('queued', 'running', 'succeeded');
`;
