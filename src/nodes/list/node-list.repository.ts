import { Inject, Injectable } from '@nestjs/common';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { Conductor } from '../../conductors/conductor.js';
import { Database } from '../../database/database.js';
import { nowAtMost } from '../../database/is-alive.js';
import { chassisExists } from '../../database/reads/chassis-exists.js';
import { powerTargetOf } from '../../database/reads/power-target-of.js';
import { reservationOf } from '../../database/reads/reservation-of.js';
import { ChassisNotFound, NodeNotFound } from '../errors.js';
import { isColumn, type NodeColumn, type NodeFieldName } from '../fields/node-fields.js';
import { behind, type Marker, type Order } from '../../resources/list/keyset.js';
import { type Page, selectPage } from '../../resources/list/select-page.js';
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

export type NodePage = Page<NodeRow>;

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
    const target = sql.raw<unknown>(powerTargetOf('nodes.id', now));
    const derived = new Map([
      ['reservation', reservation],
      ['target_power_state', target],
    ]);
    const sortValue = derived.get(sort.key) ?? sql`${sql.ref(`nodes.${sort.key}`)}`;
    const order = orderOf(sort, sortValue);
    if (marker !== undefined) all.push(behind(await this.marker(marker, sortValue, visible), order));
    const columns = columnsOf(fields);
    const selected = [...columns]
      .filter((name) => name !== 'target_power_state')
      .map((name) => sql`${sql.ref(`nodes.${name}`)}`);
    if (columns.has('target_power_state')) selected.push(sql`${target} as target_power_state`);
    if (fields.includes('reservation')) selected.push(sql`${reservation} as reservation`);
    return selectPage(this.database, {
      from: sql`nodes`,
      selected: [...selected, sql`nodes.id`],
      large: largeColumns(columns),
      conditions: all,
      order,
      limit,
    });
  }

  /** @throws ChassisNotFound (404) */
  async assertChassis(uuid: string): Promise<void> {
    if (!(await chassisExists(this.database, uuid))) throw new ChassisNotFound(uuid);
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
