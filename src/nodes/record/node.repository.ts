import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Conductor } from '../../conductors/conductor.js';
import { type Served } from '../../conductors/roster/roster.js';
import { Coalescer } from '../../database/coalescer.js';
import { Database, type Statement } from '../../database/database.js';
import { FOREIGN_KEY_VIOLATION, sqlStateOf } from '../../database/faults/error-code.js';
import { nowAtMost } from '../../database/is-alive.js';
import { powerTargetOf } from '../../database/reads/power-target-of.js';
import { reservationOf } from '../../database/reads/reservation-of.js';
import { deleteNode } from '../../database/transitions/delete-node.js';
import { isSealedField, SecretsAtRest } from '../../secrets/at-rest/secrets-at-rest.js';
import { NodeLockLost } from '../../reservations/errors.js';
import { type Reservation } from '../../reservations/reservation.js';
import { withConstraintErrors } from './constraint-errors.js';
import { NodeHasChildren } from '../errors.js';
import { type NodeColumn } from '../fields/node-fields.js';
import { isName, type NodeIdent } from '../fields/node-name.js';
import { type Node } from '../node.js';
import { type PassthruNode, passthruNode, type PassthruRow } from './passthru-node.js';

const RESERVATION = reservationOf('nodes.id', nowAtMost('$2'));
const TARGET = powerTargetOf('nodes.id', nowAtMost('$2'));

const BY_UUID = {
  name: 'node-by-uuid',
  text: `select nodes.*, ${RESERVATION} as reservation, ${TARGET} as target_power_state from nodes where uuid = $1`,
};
const BY_NAME = {
  name: 'node-by-name',
  text: `select nodes.*, ${RESERVATION} as reservation, ${TARGET} as target_power_state from nodes where name = $1`,
};

const PASSTHRU_COLUMNS = `
  nodes.id, nodes.uuid, name, driver, vendor_interface, conductor_group, driver_info, driver_internal_info, properties, extra,
  power_interface, management_interface, power_state, disable_power_off, instance_info, last_error_by_passthru, updated_at, owner, lessee`;
/** `one` value, or `several`: one row for each that is found, with its index. */
function passthruBy(column: 'uuid' | 'name', type: string): Lookup {
  return {
    one: {
      name: `node-passthru-by-${column}`,
      text: `select 0 as place, ${PASSTHRU_COLUMNS} from nodes where ${column} = $1`,
    },
    several: {
      name: `node-passthru-by-${column}s`,
      text: `
        select (asked.number - 1)::int as place, ${PASSTHRU_COLUMNS}
        from unnest($1::${type}[]) with ordinality asked (value, number) join nodes on nodes.${column} = asked.value`,
    },
  };
}

const PASSTHRU_PAGE = {
  name: 'node-passthru-page',
  text: `
    select ${PASSTHRU_COLUMNS} from nodes
    where driver = $1 and conductor_group = $4 and id > $2::bigint
    order by id limit $3`,
};

const CLEAR_PASSTHRU_ERROR = {
  name: 'node-clear-passthru-error',
  text: `
    with lock as materialized (
      select from reservations where node_id = $1 and token = $2 for no key update)
    update nodes set last_error = null, last_error_by_passthru = false, updated_at = now()
    where id = $1 and last_error_by_passthru and ($2::uuid is null or exists (select from lock))`,
};

interface Lookup {
  readonly one: Statement;
  readonly several: Statement;
}

type PlacedRow = PassthruRow & { readonly place: number };

type HeldLock = Pick<Reservation, 'node' | 'token'>;

export type ReservedNode = Node & { readonly reservation: string | null };

@Injectable()
export class NodeRepository {
  // Every passthru call starts with a lookup; a query of its own would be most of the call's cost.
  private readonly passthruByUuid = this.passthruLookup(passthruBy('uuid', 'uuid'));
  private readonly passthruByName = this.passthruLookup(passthruBy('name', 'text'));

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretsAtRest,
    @Inject(Conductor) private readonly conductor: Pick<Conductor, 'latestDatabaseTime'>,
  ) {}

  /** Secrets are as they are stored. */
  async find(ident: NodeIdent): Promise<ReservedNode | undefined> {
    const [statement, value] = isName(ident) ? [BY_NAME, ident.name] : [BY_UUID, ident.uuid];
    const values = [value, this.conductor.latestDatabaseTime];
    const [row] = await this.database.hot.query<ReservedNode>(statement, values);
    return row;
  }

  async findForPassthru(ident: NodeIdent): Promise<PassthruNode | undefined> {
    const row = await (isName(ident)
      ? this.passthruByName.run(ident.name)
      : this.passthruByUuid.run(ident.uuid));
    return row && passthruNode(row, this.secrets);
  }

  /** The nodes of a hardware type and a conductor group, in the order of their ids. @param after id of the page before. */
  async pageForPassthru({ driver, group }: Served, after: string, limit: number): Promise<PassthruNode[]> {
    const rows = await this.database.hot.query<PassthruRow & Record<string, unknown>>(PASSTHRU_PAGE, [
      driver,
      after,
      limit,
      group,
    ]);
    return rows.map((row) => passthruNode(row, this.secrets));
  }

  /** @returns the node as it was written. */
  async insert(values: ReadonlyMap<NodeColumn, unknown>): Promise<ReservedNode> {
    const columns = [...values.keys()].map((column) => sql.ref(column));
    const uuid = String(values.get('uuid'));
    const stored = [...values].map(([column, value]) => sql`${this.toColumn(uuid, column, value)}`);
    return withConstraintErrors(values, async () => {
      const insert = sql<Node>`insert into nodes (${sql.join(columns)}) values (${sql.join(stored)}) returning *`;
      const { rows } = await insert.execute(this.database.kysely);
      const [written] = rows;
      if (written === undefined) throw new Error('PostgreSQL inserted a node without returning it.');
      return { ...written, reservation: null };
    });
  }

  /**
   * @param changes at least one.
   * @returns the node as it was written, without the lock.
   * @throws NodeLockLost (409) if the token no longer holds the lock; nothing is written then.
   */
  async update({ node, token }: HeldLock, changes: ReadonlyMap<NodeColumn, unknown>): Promise<ReservedNode> {
    const assignments = [...changes].map(
      ([column, value]) => sql`${sql.ref(column)} = ${this.toColumn(node.uuid, column, value)}`,
    );
    const update = sql<Node>`
      update nodes set ${sql.join(assignments)}, updated_at = now()
      where id = ${node.id}
        and exists (select from reservations where node_id = ${node.id} and token = ${token} for update)
      returning *`;
    return withConstraintErrors(changes, async () => {
      const { rows } = await update.execute(this.database.kysely);
      const [written] = rows;
      if (written === undefined) throw new NodeLockLost(node.uuid);
      return { ...written, reservation: null };
    });
  }

  async delete({ node, token }: HeldLock): Promise<void> {
    const isDeleted = await deleteNode(this.database, node.id, token).catch((error: unknown) => {
      throw sqlStateOf(error) === FOREIGN_KEY_VIOLATION ? new NodeHasChildren(node.uuid) : error;
    });
    if (!isDeleted) throw new NodeLockLost(node.uuid);
  }

  async hasChildren(uuid: string): Promise<boolean> {
    const child = await this.database.kysely
      .selectFrom('nodes')
      .select('id')
      .where('parent_node', '=', uuid)
      .limit(1)
      .executeTakeFirst();
    return child !== undefined;
  }

  /** @param token of the lock under which the method ran, and without which nothing is changed; null without a lock. */
  async clearPassthruError(id: string, token: string | null): Promise<void> {
    await this.database.query(CLEAR_PASSTHRU_ERROR, [id, token]);
  }

  /** JSON as text keeps the order of the keys. */
  private toColumn(uuid: string, column: NodeColumn, value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    return JSON.stringify(isSealedField(column) ? this.secrets.sealedField(uuid, column, value) : value);
  }

  private passthruLookup({ one, several }: Lookup): Coalescer<string, PassthruRow | undefined> {
    return new Coalescer({
      work: async (values) => {
        const { hot } = this.database;
        const found = Array.from<PassthruRow | undefined>({ length: values.length });
        const rows = await (values.length === 1
          ? hot.query<PlacedRow>(one, values)
          : hot.query<PlacedRow>(several, [values]));
        for (const row of rows) found[row.place] = row;
        return found;
      },
    });
  }
}
