import { type Statements } from '../database/database.js';
import { CLEAR } from '../database/transitions/register.js';

const NAMED = { name: 'secrets-keys', text: 'select id from secrets_keys order by since, id' };
/** Before the first key everything was stored in the clear; after it no process starts without a key. */
const ADD = {
  name: 'secrets-keys-add',
  text: `
    with asked as (
      select $1::text as id
      union all
      select '${CLEAR}' where not exists (select from secrets_keys) and (
        exists (select from nodes)
        or exists (select from jobs where state in ('queued', 'running'))
        or exists (select from idempotency_keys where body is not null)
        or exists (select from conductors where expires_at > now() and secrets_key is null)))
    insert into secrets_keys (id) select id from asked on conflict do nothing`,
};
const KEEP_ONLY = { name: 'secrets-keys-keep-only', text: 'delete from secrets_keys where id <> $1' };
const USERS = {
  name: 'secrets-keys-users',
  text: `select hostname, secrets_key as key from conductors
         where expires_at > now() and secrets_key is distinct from $1 order by hostname`,
};

/** A live process, and the id of the key that it encrypts with; null: it stores secrets in the clear. */
export interface KeyUser {
  readonly hostname: string;
  readonly key: string | null;
}

export interface KeysInUse {
  /** The ids of the keys that something in the database may be encrypted with. */
  readonly ids: readonly string[];
  /** Whether something may be in the clear, that was stored before the first key was given. */
  readonly mayBeClear: boolean;
}

/** What the secrets in the database may be encrypted with. */
export class KeyRegister {
  constructor(private readonly database: Statements) {}

  async inUse(): Promise<KeysInUse> {
    const ids = (await this.database.query<{ id: string }>(NAMED, [])).map(({ id }) => id);
    return { ids: ids.filter((id) => id !== CLEAR), mayBeClear: ids.includes(CLEAR) };
  }

  /** To be called before the first encryption with the key; a process that registers does it again. */
  async add(id: string): Promise<void> {
    await this.database.query(ADD, [id]);
  }

  async keepOnly(id: string): Promise<void> {
    await this.database.query(KEEP_ONLY, [id]);
  }

  othersThan(id: string): Promise<KeyUser[]> {
    return this.database.query<KeyUser & Record<string, unknown>>(USERS, [id]);
  }
}
