import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { Database } from '../../database/database.js';
import { reservationOf } from '../../database/reads/reservation-of.js';
import { NodeNotFound } from '../errors.js';
import { isColumn, type NodeColumn, type NodeFieldName } from '../fields/node-fields.js';
import { type Sort } from './node-list.request.js';
import { type NodeRow } from '../node.js';

export interface NodePageQuery {
  readonly fields: readonly NodeFieldName[];
  readonly conditions: readonly RawBuilder<SqlBool>[];
  readonly sort: Sort;
  readonly marker: string | undefined;
  readonly limit: number;
}

interface Marker {
  readonly id: string;
  readonly value: unknown;
}

const RESERVATION = sql<unknown>`${sql.raw(reservationOf('nodes.id'))}`;

/** By keyset and not by offset, so that the last page costs no more than the first. */
@Injectable()
export class NodeListRepository {
  constructor(private readonly database: Database) {}

  /** @throws NodeNotFound (404) for an unknown marker. */
  async list({ fields, conditions, sort, marker, limit }: NodePageQuery): Promise<NodeRow[]> {
    const all = [...conditions];
    if (marker !== undefined) all.push(behind(await this.marker(marker, sort), sort));
    const direction = sql.raw(sort.direction);
    const order =
      sort.key === 'id'
        ? sql`nodes.id ${direction}`
        : sql`${sortValue(sort.key)} ${direction}, nodes.id ${direction}`;
    const page = sql<NodeRow>`
      select ${sql.join(selection(fields))} from nodes
      where ${all.length === 0 ? sql`true` : sql.join(all, sql` and `)}
      order by ${order} limit ${limit}`;
    return (await page.execute(this.database.kysely)).rows;
  }

  private async marker(uuid: string, { key }: Sort): Promise<Marker> {
    const query = sql<Marker>`select id, ${sortValue(key)} as value from nodes where uuid = ${uuid}`;
    const { rows } = await query.execute(this.database.kysely);
    const [marker] = rows;
    if (!marker) throw new NodeNotFound(uuid);
    return marker;
  }
}

function selection(fields: readonly NodeFieldName[]): RawBuilder<unknown>[] {
  const columns = new Set<NodeColumn>(['uuid', ...fields.filter(isColumn)]);
  if (fields.includes('conductor')) columns.add('driver').add('conductor_group');
  const selected = [...columns].map((name) => sql`${sql.ref(`nodes.${name}`)}`);
  if (fields.includes('reservation')) selected.push(sql`${RESERVATION} as reservation`);
  return selected;
}

function sortValue(key: Sort['key']): RawBuilder<unknown> {
  return key === 'reservation' ? RESERVATION : sql`${sql.ref(`nodes.${key}`)}`;
}

/** PostgreSQL sorts nulls last in ascending and first in descending order. */
function behind(marker: Marker, { key, direction }: Sort): RawBuilder<SqlBool> {
  const isUp = direction === 'asc';
  const beyond = sql.raw(isUp ? '>' : '<');
  const laterId = sql<SqlBool>`nodes.id ${beyond} ${marker.id}`;
  if (key === 'id') return laterId;
  const value = sortValue(key);
  if (marker.value === null) {
    const isLaterNull = sql<SqlBool>`(${value} is null and ${laterId})`;
    return isUp ? isLaterNull : sql`(${isLaterNull} or ${value} is not null)`;
  }
  const isLater = sql<SqlBool>`(${value}, nodes.id) ${beyond} (${marker.value}, ${marker.id})`;
  return isUp ? sql`(${isLater} or ${value} is null)` : isLater;
}
