import { type Statements } from '../database/database.js';

const NAMED = { name: 'secrets-keys', text: 'select id from secrets_keys order by since, id' };
const ADD = {
  name: 'secrets-keys-add',
  text: 'insert into secrets_keys (id) values ($1) on conflict do nothing returning id',
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

/** The ids of the keys that something in the database may be encrypted with. */
export class KeyRegister {
  constructor(private readonly database: Statements) {}

  async ids(): Promise<string[]> {
    return (await this.database.query<{ id: string }>(NAMED, [])).map(({ id }) => id);
  }

  /** To be called before the first encryption with the key. @returns whether the key is new here. */
  async add(id: string): Promise<boolean> {
    return (await this.database.query(ADD, [id])).length > 0;
  }

  async keepOnly(id: string): Promise<void> {
    await this.database.query(KEEP_ONLY, [id]);
  }

  /** A process is among them before it looks whether it has the keys of this register. */
  othersThan(id: string): Promise<KeyUser[]> {
    return this.database.query<KeyUser & Record<string, unknown>>(USERS, [id]);
  }
}
