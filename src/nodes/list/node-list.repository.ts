import { Inject, Injectable } from '@nestjs/common';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { Conductor } from '../../conductors/conductor.js';
import { Database } from '../../database/database.js';
import { nowAtMost } from '../../database/is-alive.js';
import { reservationOf } from '../../database/reads/reservation-of.js';
import { NodeNotFound } from '../errors.js';
import { isColumn, type NodeColumn, type NodeFieldName } from '../fields/node-fields.js';
import { boundedPage } from '../../resources/list/bounded-page.js';
import { behind, type Marker, type Order } from '../../resources/list/keyset.js';
import { largeColumns } from './large-columns.js';
import { type NodeSort } from './node-list.request.js';
import { type NodeRow } from '../node.js';

export interface NodePageQuery {
  readonly fields: readonly NodeFieldName[];
  readonly conditions: readonly RawBuilder<SqlBool>[];
  /** Holds for the nodes that the caller may see; undefined if that is all. */
  readonly visible: RawBuilder<SqlBool> | undefined;
  readonly sort: NodeSort;
  readonly marker: string | undefined;
  readonly limit: number;
}

export interface NodePage {
  readonly rows: readonly NodeRow[];
  /** Whether the page may have a successor: it has as many nodes as asked for, or they are large. */
  readonly isFull: boolean;
}

@Injectable()
export class NodeListRepository {
  constructor(
    private readonly database: Database,
    @Inject(Conductor) private readonly conductor: Pick<Conductor, 'latestDatabaseTime'>,
  ) {}

  /** @throws NodeNotFound (404) for an unknown marker. */
  async list({ fields, conditions, visible, sort, marker, limit }: NodePageQuery): Promise<NodePage> {
    const all = visible ? [...conditions, visible] : [...conditions];
    const now = nowAtMost(this.conductor.latestDatabaseTime);
    const reservation = sql.raw<unknown>(reservationOf('nodes.id', now));
    const sortValue = sort.key === 'reservation' ? reservation : sql`${sql.ref(`nodes.${sort.key}`)}`;
    if (marker !== undefined) {
      all.push(behind(await this.marker(marker, sortValue, visible), orderOf(sort, sortValue)));
    }
    const columns = columnsOf(fields);
    const selected = [...columns].map((name) => sql`${sql.ref(`nodes.${name}`)}`);
    if (fields.includes('reservation')) selected.push(sql`${reservation} as reservation`);
    selected.push(sql`nodes.id`);
    if (sort.key !== 'id') selected.push(sql`${sortValue} as sort_value`);
    const direction = sql.raw(sort.direction);
    const order = sort.key === 'id' ? sql`id ${direction}` : sql`sort_value ${direction}, id ${direction}`;
    const page = sql<NodeRow>`
      select ${sql.join(selected)} from nodes
      where ${all.length === 0 ? sql`true` : sql.join(all, sql` and `)}
      order by ${order} limit ${limit}`;
    const large = largeColumns(columns);
    if (large.length === 0) {
      const { rows } = await page.execute(this.database.kysely);
      return { rows, isFull: rows.length === limit };
    }
    const { rows } = await boundedPage<NodeRow>(page, large, order).execute(this.database.kysely);
    return { rows, isFull: rows.length === limit || rows.length < Number(rows[0]?.found ?? 0) };
  }

  private async marker(
    uuid: string,
    sortValue: RawBuilder<unknown>,
    visible: RawBuilder<SqlBool> = sql`true`,
  ): Promise<Marker> {
    const query = sql<Marker>`
      select id, ${sortValue} as value from nodes where uuid = ${uuid} and ${visible}`;
    const { rows } = await query.execute(this.database.kysely);
    const [marker] = rows;
    if (!marker) throw new NodeNotFound(uuid);
    return marker;
  }
}

function columnsOf(fields: readonly NodeFieldName[]): Set<NodeColumn> {
  // The owner and the lessee decide which values the caller may see.
  const columns = new Set<NodeColumn>(['uuid', 'owner', 'lessee', ...fields.filter(isColumn)]);
  if (fields.includes('conductor')) columns.add('driver').add('conductor_group');
  return columns;
}

function orderOf({ key, direction }: NodeSort, value: RawBuilder<unknown>): Order {
  return { value: key === 'id' ? undefined : value, id: sql`nodes.id`, direction };
}
