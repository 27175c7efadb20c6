export const sql = `
-- Deleting a node takes it out of its jobs, by the foreign key; without an index that reads all jobs.
create index jobs_node_id on jobs (node_id) where node_id is not null;
`;
