import type pg from 'pg';

export type Client = Pick<pg.ClientBase, 'query'>;

export interface TableShape {
  readonly name: string;
  readonly columns: readonly string[];
  /** SQL expressions that put its rows in an order that is the same on every server. */
  readonly order: readonly string[];
  /** Tables that its rows refer to. */
  readonly refersTo: readonly string[];
}

export interface SequenceValue {
  readonly table: string;
  readonly column: string;
  /** Null if no value was taken yet. */
  readonly value: string | null;
}

/** Has the record of what was migrated, which the header of a backup carries. */
const RECORD = 'schema_migrations';

const TABLES = `
  select relname as name,
    array(select attname::text from pg_attribute
          where attrelid = tables.oid and attnum > 0 and not attisdropped and attgenerated = '' order by attnum) as columns,
    array(select quote_ident(attname) || case when attcollation <> 0 then ' collate "C"' else '' end
          from pg_index join pg_attribute on attrelid = indrelid and attnum = any (indkey)
          where indrelid = tables.oid and indisprimary
          order by array_position(indkey::int2[], attnum)) as order,
    array(select distinct target.relname::text from pg_constraint join pg_class target on target.oid = confrelid
          where conrelid = tables.oid and contype = 'f' and confrelid <> conrelid) as "refersTo"
  from pg_class tables
  where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname <> $1
  order by relname`;

/** All tables of the schema, each after those that it refers to. */
export async function tablesOf(client: Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(TABLES, [RECORD]);
  return inOrder(rows);
}

const SEQUENCES = `
  select relname as table, attname as column, pg_sequence_last_value(sequence)::text as value
  from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped,
    lateral (select pg_get_serial_sequence(quote_ident(relname), attname)::regclass as sequence) owned
  where relkind = 'r' and relnamespace = current_schema()::regnamespace and sequence is not null
  order by relname, attname`;

export async function sequencesOf(client: Client): Promise<SequenceValue[]> {
  return (await client.query<SequenceValue>(SEQUENCES)).rows;
}

export function inOrder(tables: readonly TableShape[]): TableShape[] {
  const ordered: TableShape[] = [];
  let rest = [...tables];
  while (rest.length > 0) {
    const isFree = ({ refersTo }: TableShape) => !rest.some(({ name }) => refersTo.includes(name));
    const free = rest.filter(isFree);
    if (free.length === 0)
      throw new Error(`Tables refer to each other: ${rest.map(({ name }) => name).join()}`);
    ordered.push(...free);
    rest = rest.filter((table) => !free.includes(table));
  }
  return ordered;
}
