export const sql = `
-- A record is shown between its own seq and hash, so its members have other names.
create or replace function audit_forget(seconds double precision, most bigint) returns bigint language plpgsql as $$
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
  perform audit_append(array[json_build_object('event', 'forgotten', 'action', 'ferrule:audit:forget',
    'last_seq', last.seq, 'last_hash', encode(last.hash, 'hex'))::text],
    array['ferrule:audit:forget'], array[null], array[null]);
  return last.seq - first + 1;
end $$;
`;
