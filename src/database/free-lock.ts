/** SQL: the assignments that free a lock, in an `update` of `reservations`. The fence stays. */
export const FREE_LOCK =
  'token = null, holder = null, purpose = null, caller = null, since = null, conductor_id = null, job_id = null';
