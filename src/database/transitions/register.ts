import { type Statement } from '../database.js';
import { nowAtMost } from '../is-alive.js';

/** In `secrets_keys` instead of the id of a key: something may be in the clear. */
export const CLEAR = 'clear';

/**
 * A live process, what it can run and the key that it encrypts with become known at once, and each time that it
 * registers again.
 */
export const REGISTER: Statement = {
  name: 'conductor-register',
  text: `
    with forgotten as (delete from conductors where expires_at < ${nowAtMost('$4')} - interval '1 day'),
    encrypting as (
      insert into secrets_keys (id) select coalesce($5, '${CLEAR}')
      where $5::text is not null or exists (select from secrets_keys) on conflict do nothing)
    insert into conductors (id, hostname, expires_at, secrets_key, role, conductor_group, version, address, drivers,
                            is_leaving)
    values ($1, $2, now() + $3 * interval '1 second', $5, $6, $7, $8, $9, $10::json, $11)
    returning extract(epoch from now())::float8 * 1000 as time`,
};
