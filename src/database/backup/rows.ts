import { createHash } from 'node:crypto';
import { type Writable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { type Client, type TableShape } from './catalog.js';

const NEWLINE = 0x0a;

/** In the text format of COPY every row ends with a newline, and newlines within values are escaped. */
export class RowsDigest {
  private readonly hash = createHash('sha256');
  private count = 0;

  add(bytes: Buffer): void {
    this.hash.update(bytes);
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) this.count++;
  }

  end(): { rows: number; sha256: string } {
    return { rows: this.count, sha256: this.hash.digest('hex') };
  }
}

/** The rows as text that is the same wherever the table has the same rows. */
export function readRows(client: Client, { name, columns, order }: TableShape): AsyncIterable<Buffer> {
  const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  const by = order.length > 0 ? order.join(', ') : 'chosen::text collate "C"';
  return client.query(
    copyTo(`copy (select ${list} from ${pg.escapeIdentifier(name)} chosen order by ${by}) to stdout`),
  );
}

export function writeRows(client: Client, table: string, columns: readonly string[]): Writable {
  const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  return client.query(copyFrom(`copy ${pg.escapeIdentifier(table)} (${list}) from stdin`));
}
