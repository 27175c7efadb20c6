export const sql = `
-- The calls of the last day that had a key. While a row is 'running' and conductor_id names a living conductor, that one runs the call.
create table idempotency_keys (
  -- Its id; empty without authentication.
  caller text not null,
  -- SHA-256, so that nobody who reads the database can ask for the answers.
  key bytea not null,
  id uuid not null,
  -- Of an asynchronous call; it is known before the job is accepted.
  job_id uuid,
  -- HMAC-SHA-256 of the call with the key, since arguments may be secret.
  fingerprint bytea not null,
  conductor_id uuid,
  state text not null default 'running' check (state in ('running', 'accepted', 'answered', 'dropped', 'unknown')),
  status int,
  headers json,
  body bytea,
  created_at timestamptz not null default now(),
  primary key (caller, key)
);
create index idempotency_keys_id on idempotency_keys (id);
create index idempotency_keys_created_at on idempotency_keys (created_at);
create index idempotency_keys_running on idempotency_keys (conductor_id) where state = 'running';
`;
