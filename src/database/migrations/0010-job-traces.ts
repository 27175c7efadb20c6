export const sql = `
-- The span that accepted the job, as W3C's traceparent; null without tracing.
alter table jobs add column trace text;
`;
