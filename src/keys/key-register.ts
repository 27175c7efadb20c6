import { type Statements } from '../database/database.js';

const NAMED = { name: 'secrets-keys', text: 'select id from secrets_keys order by since, id' };
const ADD = {
  name: 'secrets-keys-add',
  text: 'insert into secrets_keys (id) values ($1) on conflict do nothing returning id',
};
const KEEP_ONLY = { name: 'secrets-keys-keep-only', text: 'delete from secrets_keys where id <> $1' };

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
}
