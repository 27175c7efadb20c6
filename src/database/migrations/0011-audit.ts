export const sql = `
-- Rows are only added, by audit_append, and only the oldest are deleted, by audit_forget. The hash of a row is the
-- SHA-256 of the hash before it, its number, its time and its record.
create table audit (
  seq bigint primary key,
  at timestamptz not null,
  -- JSON; the columns after it are members of it, for searches.
  record text not null,
  hash bytea not null,
  action text not null,
  node text,
  caller text
);
create index audit_node on audit (node, seq) where node is not null;
create index audit_caller on audit (caller, seq) where caller is not null;
create index audit_action on audit (action, seq) where action <> 'baremetal:node:vendor_passthru';
create index audit_at on audit using brin (at);

-- The newest row, and the last one that was deleted.
create table audit_chain (
  is_only boolean primary key default true check (is_only),
  seq bigint not null,
  hash bytea not null,
  forgotten_seq bigint not null,
  forgotten_hash bytea not null
) with (fillfactor = 50);
insert into audit_chain (seq, hash, forgotten_seq, forgotten_hash) values (0, '', 0, '');

create function audit_refuse() returns trigger language plpgsql as $$
begin
  if current_setting('ferrule.audit_forgets', true) = 'on' and tg_op = 'DELETE' then return null; end if;
  raise exception 'The audit is only added to.';
end $$;
create trigger audit_only_added before update or delete or truncate on audit
  for each statement execute function audit_refuse();

-- The caller gives the members of the records, since reading them here would cost more than everything else.
create function audit_append(records text[], actions text[], nodes text[], callers text[])
returns bigint language plpgsql as $$
declare
  last audit_chain;
  count constant int := cardinality(records);
  moment timestamptz;
  written text;
  hash bytea;
  hashes bytea[];
begin
  select * into last from audit_chain for update;
  moment := clock_timestamp();
  written := to_char(moment at time zone 'UTC', ' YYYY-MM-DD"T"HH24:MI:SS.US"+00:00 "');
  hash := last.hash;
  for place in 1 .. count loop
    hash := sha256(hash || convert_to((last.seq + place) || written || records[place], 'UTF8'));
    hashes[place] := hash;
  end loop;
  insert into audit (seq, at, record, hash, action, node, caller)
    select last.seq + place, moment, given.record, given.hash, given.action, given.node, given.caller
    from unnest(records, hashes, actions, nodes, callers)
      with ordinality as given (record, hash, action, node, caller, place);
  update audit_chain set seq = last.seq + count, hash = hashes[count];
  return last.seq + count;
end $$;

-- Deletes at most so many of the rows that are older, and adds one that names the last of them.
create function audit_forget(seconds double precision, most bigint) returns bigint language plpgsql as $$
declare
  last audit;
  first bigint;
begin
  perform from audit_chain for update;
  select min(seq) into first from audit;
  select * into last from audit
    where seq < first + most and at < now() - seconds * interval '1 second' order by seq desc limit 1;
  if last.seq is null then return 0; end if;
  perform set_config('ferrule.audit_forgets', 'on', true);
  delete from audit where seq <= last.seq;
  perform set_config('ferrule.audit_forgets', 'off', true);
  update audit_chain set forgotten_seq = last.seq, forgotten_hash = last.hash;
  perform audit_append(array[json_build_object(
    'event', 'forgotten', 'action', 'ferrule:audit:forget', 'seq', last.seq, 'hash', encode(last.hash, 'hex'))::text],
    array['ferrule:audit:forget'], array[null], array[null]);
  return last.seq - first + 1;
end $$;
`;
