export const sql = `
-- With which others a waiting call shares its part of the places; what an earlier version writes shares one part.
alter table lock_waiters add column origin text not null default '';
`;
