import { FerruleError } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { AuditLog } from '../audit/audit-log.js';
import { Database } from '../database/database.js';
import { isAlive } from '../database/is-alive.js';
import { maskableArguments } from '../passthru/call/call-audit.js';
import { type Stop } from '../waiting/stop.js';
import { type ChildError } from './fleet-call.js';
import { type PlannedFleetCall } from './fleet-calls.js';
import { childErrorOf, FleetChildren } from './fleet-children.js';

const AT_ONCE = 20;
const MOST_SHOWN = 20;

export interface FleetDryRun {
  /** The status of the answer. */
  readonly would: number;
  readonly nodes: number;
  /** Nodes that would get jobs now or, if they are locked, later. */
  readonly accepted: number;
  readonly refused: number;
  readonly locked: number;
  /** The first ones. */
  readonly refusals: readonly { readonly node: string; readonly error: ChildError }[];
}

/** What would become of the calls of a fleet call, with the checks of each, but nothing is locked, stored or changed. */
@Injectable()
export class FleetDryRuns {
  constructor(
    private readonly children: FleetChildren,
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** @param gone ends it. */
  async of({ by, nodes, subject, example, rule }: PlannedFleetCall, gone: Stop): Promise<FleetDryRun> {
    const refusals = new Map<string, ChildError>();
    const rest = nodes.values();
    const check = async (): Promise<void> => {
      for (const { uuid } of rest) {
        gone.throwIfAborted();
        try {
          await this.children.prepare(by, uuid);
        } catch (error) {
          if (!FerruleError.is(error)) throw error;
          refusals.set(uuid, childErrorOf(error));
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, check));
    const locked = await this.locked(nodes.map(({ uuid }) => uuid));
    const details = { arguments: maskableArguments(example), rule };
    this.audit.add('call', subject, { ...details, status: 200, notRun: 'dry_run' });
    const inOrder = nodes.flatMap(({ uuid }) => {
      const error = refusals.get(uuid);
      return error ? [{ node: uuid, error }] : [];
    });
    return {
      would: 202,
      nodes: nodes.length,
      accepted: nodes.length - inOrder.length,
      refused: inOrder.length,
      locked,
      refusals: inOrder.slice(0, MOST_SHOWN),
    };
  }

  private async locked(uuids: readonly string[]): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count
      from nodes join reservations held on held.node_id = nodes.id
      where nodes.uuid = any (${uuids}::uuid[]) and held.token is not null
        and (held.job_id is not null or ${sql.raw(isAlive('held.conductor_id'))})`.execute(
      this.database.kysely,
    );
    return rows[0]?.count ?? 0;
  }
}
