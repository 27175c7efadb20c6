export const sql = `
-- How many nodes of a fleet call are in which state, from its end on. Null also if a restored backup ended it.
alter table fleet_calls add column counts json;
`;
