import { FerruleError } from '@ferrule/driver-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import { Conductor } from '../../conductors/conductor.js';
import { Database } from '../../database/database.js';
import { lockedNodes } from '../../database/reads/locked-nodes.js';
import { type Stop } from '../../waiting/stop.js';
import { type FleetNodeError } from '../fleet-node.js';
import { NodeCalls, nodeErrorOf } from '../node-calls.js';
import { type FleetPlan } from './fleet-plans.js';

const AT_ONCE = 20;
const MOST_SHOWN = 20;
/** Less than a process waits for the answer to a request that it forwarded. */
const LIMIT_SECONDS = 60;

export interface FleetDryRun {
  /** The status of the answer. */
  readonly would: number;
  readonly nodes: number;
  /** Nodes that would get jobs now or, if they are locked, later. */
  readonly accepted: number;
  readonly refused: number;
  readonly locked: number;
  /** The first ones. */
  readonly refusals: readonly { readonly node: string; readonly error: FleetNodeError }[];
}

/** 504 */
export class DryRunTimeout extends FerruleError {
  readonly code = 'DryRunTimeout';
  readonly status = 504;
  constructor(checked: number, nodes: number) {
    super(
      `The dry run ended after ${LIMIT_SECONDS} seconds, in which ${checked} of ${nodes} nodes were checked. Nothing was changed; please ask for fewer nodes.`,
    );
  }
}

/** What would become of the calls of a fleet call, with the checks of each, but nothing is locked, stored or changed. */
@Injectable()
export class FleetDryRuns {
  constructor(
    @Inject(NodeCalls) private readonly nodeCalls: Pick<NodeCalls, 'prepared'>,
    @Inject(Database) private readonly database: Pick<Database, 'query'>,
    @Inject(AuditLog) private readonly audit: Pick<AuditLog, 'add'>,
    @Inject(Conductor) private readonly conductor: Pick<Conductor, 'latestDatabaseTime'>,
  ) {}

  /** @param gone ends it. @throws DryRunTimeout (504) */
  async of(plan: FleetPlan, gone: Stop): Promise<FleetDryRun> {
    const { nodes, subject, details } = plan;
    const refusals = await this.refusals(plan, gone);
    const uuids = nodes.map(({ uuid }) => uuid);
    const locked = await lockedNodes(this.database, uuids, this.conductor.latestDatabaseTime);
    this.audit.add('call', subject, { ...details, status: 200, notRun: 'dry_run' });
    const inOrder = uuids.flatMap((node) => {
      const error = refusals.get(node);
      return error ? [{ node, error }] : [];
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

  private async refusals({ by, nodes }: FleetPlan, gone: Stop): Promise<Map<string, FleetNodeError>> {
    const refusals = new Map<string, FleetNodeError>();
    const end = performance.now() + LIMIT_SECONDS * 1_000;
    const rest = each(nodes);
    let checked = 0;
    const work = async (): Promise<void> => {
      for (const { uuid } of rest) {
        gone.throwIfAborted();
        if (performance.now() > end) throw new DryRunTimeout(checked, nodes.length);
        try {
          await this.nodeCalls.prepared(by, uuid);
        } catch (error) {
          if (!FerruleError.is(error)) throw error;
          refusals.set(uuid, nodeErrorOf(error));
        }
        checked++;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return refusals;
  }
}

/** Ends for all who take from it when one of them fails, which an iterator of an array does not. */
function* each<T>(items: readonly T[]): Generator<T> {
  yield* items;
}
