import { z } from 'zod';

/** Raised when an older Ferrule could not read what is written. */
export const FORMAT = 1;

/** The first frame; a later format has at least these fields. */
export const formatSchema = z.object({ format: z.number(), ferrule: z.string() });

export const headerSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** Version of Ferrule. */
  ferrule: z.string(),
  /** Of PostgreSQL. */
  postgres: z.string(),
  made_at: z.string(),
  migrations: z.array(z.strictObject({ number: z.number(), name: z.string(), checksum: z.string() })),
});
export type Header = z.output<typeof headerSchema>;

/** Before the rows of a table, in the order in which they are loaded. */
export const tableSchema = z.strictObject({ table: z.string(), columns: z.array(z.string()) });

/** After the rows of a table. */
export const tableEndSchema = z.strictObject({
  table: z.string(),
  rows: z.number(),
  /** SHA-256 of the rows in the text format of COPY, in the order of the key. */
  sha256: z.string(),
});
export type TableEnd = z.output<typeof tableEndSchema>;

/** The last frame. */
export const endSchema = z.strictObject({
  tables: z.number(),
  sequences: z.array(z.strictObject({ table: z.string(), column: z.string(), value: z.string().nullable() })),
});
