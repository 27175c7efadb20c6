import type pg from 'pg';

interface Column {
  readonly type: string;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
}

/** By names; of columns with that of their table. */
export interface Schema {
  readonly tables: ReadonlySet<string>;
  readonly columns: ReadonlyMap<string, Column>;
  /** What may refuse a write, as PostgreSQL defines it. */
  readonly rules: ReadonlyMap<string, { readonly table: string; readonly definition: string }>;
  readonly triggers: ReadonlyMap<string, string>;
  readonly functions: ReadonlySet<string>;
}

const COLUMNS = `
  select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
         not a.attnotnull as "isNullable", a.atthasdef or a.attidentity <> '' as "hasDefault"
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`;

/** Whether columns may be null is told of the columns; the index of a constraint is that constraint. */
const RULES = `
  select conrelid::regclass::text as table, 'constraint ' || conname as name, pg_get_constraintdef(oid) as definition
  from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0 and contype <> 'n'
  union all
  select indrelid::regclass::text, 'unique index ' || c.relname, pg_get_indexdef(indexrelid)
  from pg_index join pg_class c on c.oid = indexrelid
  where indisunique and c.relnamespace = 'public'::regnamespace
    and not exists (select from pg_constraint where conindid = indexrelid)`;

const TRIGGERS = `
  select tgrelid::regclass::text as table, tgname as name, pg_get_triggerdef(oid) as definition
  from pg_trigger where not tgisinternal`;

const FUNCTIONS = `
  select oid::regprocedure::text as name from pg_proc where pronamespace = 'public'::regnamespace`;

interface Named {
  readonly table: string;
  readonly name: string;
}

/** Of the schema `public`. */
export async function schemaOf(client: Pick<pg.Client, 'query'>): Promise<Schema> {
  const { rows: columns } = await client.query<Named & Column>(COLUMNS);
  const { rows: rules } = await client.query<Named & { definition: string }>(RULES);
  const { rows: triggers } = await client.query<Named & { definition: string }>(TRIGGERS);
  const { rows: functions } = await client.query<{ name: string }>(FUNCTIONS);
  return {
    tables: new Set(columns.map(({ table }) => table)),
    columns: new Map(columns.map((column) => [`${column.table}.${column.name}`, column])),
    rules: new Map(
      rules.map(({ table, name, definition }) => [`${name} of ${table}`, { table, definition }]),
    ),
    triggers: new Map(triggers.map(({ table, name, definition }) => [`${name} of ${table}`, definition])),
    functions: new Set(functions.map(({ name }) => name)),
  };
}

/**
 * What a program that was written for `before` cannot read or write any more.
 * @param leftNull columns, with their tables, in which it writes only null: foreign keys of them refuse nothing of it,
 * as those of columns that it does not know.
 */
export function whatBreaks(before: Schema, after: Schema, leftNull: readonly string[] = []): string[] {
  const refusesNothing = (table: string, definition: string): boolean => {
    const [, names] = /^FOREIGN KEY \(([^)]+)\)/.exec(definition) ?? [];
    const columns = names?.split(', ').map((name) => `${table}.${name}`) ?? [];
    return columns.some((column) => !before.columns.has(column) || leftNull.includes(column));
  };
  return [
    ...[...before.tables]
      .filter((table) => !after.tables.has(table))
      .map((table) => `table ${table} is gone`),
    ...[...before.columns].flatMap(([name, column]) => columnProblems(name, column, after.columns.get(name))),
    ...[...after.columns]
      .filter(([name, { isNullable, hasDefault }]) => {
        const isOfOldTable = before.tables.has(name.slice(0, name.indexOf('.')));
        return isOfOldTable && !before.columns.has(name) && !isNullable && !hasDefault;
      })
      .map(([name]) => `column ${name} is new and has no default`),
    ...[...after.rules]
      .filter(([name, { table, definition }]) => {
        const isNew = before.rules.get(name)?.definition !== definition;
        return before.tables.has(table) && isNew && !refusesNothing(table, definition);
      })
      .map(([name]) => `${name} is new or another one`),
    ...[...before.triggers]
      .filter(([name, definition]) => after.triggers.get(name) !== definition)
      .map(([name]) => `trigger ${name} is gone or another one`),
    ...[...before.functions]
      .filter((name) => !after.functions.has(name))
      .map((name) => `function ${name} is gone`),
  ];
}

function columnProblems(name: string, before: Column, after: Column | undefined): string[] {
  if (!after) return [`column ${name} is gone`];
  const problems: string[] = [];
  if (after.type !== before.type) problems.push(`has another type: ${after.type}`);
  if (before.isNullable && !after.isNullable) problems.push('must not be null now');
  if (before.hasDefault && !after.hasDefault) problems.push('has no default any more');
  return problems.map((problem) => `column ${name} ${problem}`);
}
