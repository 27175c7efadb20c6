import { type NotFound } from '@ferrule/driver-kit';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Database } from '../database/database.js';
import { behind, type Marker, type Order } from './list/keyset.js';
import { type Page, selectPage } from './list/select-page.js';
import { type PageRequest } from './list/page-request.js';

/** The columns that were selected. */
export type ResourceRow<F extends string> = Readonly<Partial<Record<F, unknown>>> & {
  readonly uuid: string;
  readonly updated_at?: unknown;
};

export interface ResourceTable<F extends string> {
  readonly name: string;
  /** Fields that are columns. */
  readonly columns: readonly F[];
  /** Those that may be large. */
  readonly large: readonly F[];
  /** SQL: what conditions may name besides the table; without it nothing. */
  readonly joined?: RawBuilder<unknown>;
  readonly notFound: (uuid: string) => NotFound;
}

/** Statements on the table of a resource. */
export class ResourceRows<F extends string> {
  private readonly from: RawBuilder<unknown>;

  constructor(
    private readonly database: Pick<Database, 'kysely'>,
    private readonly table: ResourceTable<F>,
  ) {
    this.from = table.joined ? sql`${sql.ref(table.name)} ${table.joined}` : sql.ref(table.name);
  }

  /** @returns the whole row; undefined if there is none. */
  async find(condition: RawBuilder<SqlBool>): Promise<ResourceRow<F> | undefined> {
    const query = sql<ResourceRow<F>>`select ${this.all} from ${this.from} where ${condition}`;
    return (await query.execute(this.database.kysely)).rows[0];
  }

  /** @throws what the table says of a marker that does not exist. */
  async page(
    { fields, sort: { key, direction }, marker, limit }: Omit<PageRequest<F>, 'repeated'>,
    conditions: readonly RawBuilder<SqlBool>[] = [],
  ): Promise<Page<ResourceRow<F>>> {
    const id = this.column('id');
    const value = key === 'id' ? undefined : this.column(key);
    const order: Order = { value, id, direction };
    const columns = this.table.columns.filter((column) => column === 'uuid' || fields.includes(column));
    const large = this.table.large.filter((column) => columns.includes(column));
    const all = [...conditions];
    if (marker !== undefined) all.push(behind(await this.marker(marker, value ?? id, conditions), order));
    const selected = [id, ...columns.map((column) => this.column(column))];
    return selectPage(this.database, {
      from: this.from,
      selected,
      large,
      conditions: all,
      order,
      limit,
    });
  }

  /** @returns the row as it was written. */
  async insert(values: ReadonlyMap<F, unknown>): Promise<ResourceRow<F>> {
    const columns = [...values.keys()].map((name) => sql.ref(name));
    const stored = [...values.values()].map((value) => sql`${columnValue(value)}`);
    const insert = sql<ResourceRow<F>>`
      insert into ${sql.ref(this.table.name)} (${sql.join(columns)}) values (${sql.join(stored)}) returning *`;
    const [written] = (await insert.execute(this.database.kysely)).rows;
    if (!written) throw new Error(`PostgreSQL inserted into ${this.table.name} without returning the row.`);
    return written;
  }

  /**
   * Only if nobody has changed the row since it was read.
   * @param changes at least one.
   * @returns the row as it was written; undefined if nothing was.
   */
  async update(
    before: ResourceRow<F>,
    changes: ReadonlyMap<F, unknown>,
    condition: RawBuilder<SqlBool> = sql`true`,
  ): Promise<ResourceRow<F> | undefined> {
    const assignments = [...changes].map(([name, value]) => sql`${sql.ref(name)} = ${columnValue(value)}`);
    const update = sql<ResourceRow<F>>`
      update ${sql.ref(this.table.name)} set ${sql.join(assignments)}, updated_at = now()
      where uuid = ${before.uuid} and updated_at is not distinct from ${before.updated_at ?? null}::timestamptz
        and ${condition}
      returning *`;
    return (await update.execute(this.database.kysely)).rows[0];
  }

  /** @returns whether there was one. */
  async delete(uuid: string, condition: RawBuilder<SqlBool> = sql`true`): Promise<boolean> {
    const remove = sql`
      delete from ${sql.ref(this.table.name)} where uuid = ${uuid} and ${condition} returning uuid`;
    return (await remove.execute(this.database.kysely)).rows.length > 0;
  }

  private get all(): RawBuilder<unknown> {
    return sql.join(this.table.columns.map((column) => this.column(column)));
  }

  private async marker(
    uuid: string,
    value: RawBuilder<unknown>,
    conditions: readonly RawBuilder<SqlBool>[],
  ): Promise<Marker> {
    const all = [sql<SqlBool>`${this.column('uuid')} = ${uuid}`, ...conditions];
    const query = sql<Marker>`
      select ${this.column('id')}, ${value} as value from ${this.from} where ${sql.join(all, sql` and `)}`;
    const [marker] = (await query.execute(this.database.kysely)).rows;
    if (!marker) throw this.table.notFound(uuid);
    return marker;
  }

  private column(name: string): RawBuilder<unknown> {
    return sql`${sql.ref(`${this.table.name}.${name}`)}`;
  }
}

/** JSON as text keeps the order of the keys. */
function columnValue(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
