import { randomUUID } from 'node:crypto';
import { FerruleError } from '@ferrule/driver-kit';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { SERVICE } from '../auth/caller.js';
import { PROCESS, type ProcessDescription } from '../conductors/process-description.js';
import { MethodRunner } from '../drivers/execution/method-runner.js';
import { failureLine } from '../drivers/execution/method-failure.js';
import { type MethodCall } from '../drivers/execution/method-call.js';
import { type ValidatedCall } from '../drivers/validation/validators.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { requestLine } from '../logging/request-line.js';
import { throttledCalls } from '../logging/throttled.js';
import { NodeNotFound } from '../reservations/errors.js';
import { NodeRepository } from '../nodes/record/node.repository.js';
import { type PassthruNode } from '../nodes/record/passthru-node.js';
import { PassthruNodes } from '../nodes/record/passthru-nodes.js';
import { type LockUse, type Reservation } from '../reservations/reservation.js';
import { ReservationsService } from '../reservations/reservations.service.js';
import { redactor, secretsOf } from '../secrets/redact.js';
import { Stop } from '../waiting/stop.js';
import { type PeriodicMethod } from './periodic-method.js';

/** Few, so that what is known of a node is not old when its turn comes. */
const PAGE = 32;
/** Nodes that one method works on at the same time. */
const AT_ONCE = 8;

/** Runs a periodic method once: without a node, or on each of its nodes. */
@Injectable()
export class PeriodicRunner {
  private readonly logger = new Logger(PeriodicRunner.name);
  private readonly warnings = new Map<string, (failure: readonly [MethodCall, unknown]) => void>();

  constructor(
    private readonly runner: MethodRunner,
    private readonly repository: NodeRepository,
    private readonly nodes: PassthruNodes,
    private readonly reservations: ReservationsService,
    private readonly lifecycle: Lifecycle,
    @Inject(PROCESS) private readonly own: Pick<ProcessDescription, 'group'>,
  ) {}

  /**
   * Once the shutdown has begun, no call is begun; those that run may end. Rejects if the nodes cannot be read;
   * failures of the method are logged.
   */
  async run(periodic: PeriodicMethod, stop: Stop): Promise<void> {
    if (periodic.scope === 'driver') return this.call(periodic, null, undefined, stop);
    const nodes = this.nodesOf(periodic, stop);
    const worker = async (): Promise<void> => {
      for await (const node of nodes) await this.onNode(periodic, node, stop);
    };
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  private async *nodesOf({ driver, vendorInterface }: PeriodicMethod, stop: Stop) {
    for (let after = '0'; !this.isOver(stop);) {
      const page = await this.repository.pageForPassthru(
        { driver: driver.name, group: this.own.group },
        after,
        PAGE,
      );
      for (const node of page) {
        if (this.isOver(stop)) return;
        if (node.vendorInterface === vendorInterface.name) yield node;
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = last.id;
    }
  }

  private isOver(stop: Stop): boolean {
    return stop.reason !== undefined || this.lifecycle.isDraining;
  }

  /** Never rejects: the other nodes must not suffer. */
  private async onNode(periodic: PeriodicMethod, node: PassthruNode, stop: Stop): Promise<void> {
    try {
      if (!periodic.method.isExclusive) return await this.call(periodic, node, undefined, stop);
      const lock = await this.reservations.acquireIfFree(node, useOf(periodic), stop);
      if (!lock) return;
      lock.claim();
      try {
        await this.call(periodic, await this.renewed(node, lock), lock, stop);
      } finally {
        await this.reservations.release(lock);
      }
    } catch (error) {
      if (stop.reason || error instanceof NodeNotFound) return;
      this.warn(periodic, this.callOf(periodic, node, undefined, stop), error);
    }
  }

  private async renewed(node: PassthruNode, lock: Reservation): Promise<PassthruNode> {
    return lock.nodeUpdatedAt === node.updatedAt ? node : this.nodes.getByUuid(node.uuid);
  }

  private async call(
    periodic: PeriodicMethod,
    node: PassthruNode | null,
    lock: Reservation | undefined,
    stop: Stop,
  ): Promise<void> {
    const { driver, vendorInterface } = periodic;
    // It was changed before it was locked.
    if (node && (node.driver !== driver.name || node.vendorInterface !== vendorInterface.name)) return;
    const own = new Stop();
    const end = (reason: FerruleError): void => own.abort(reason);
    const sources = lock ? [stop, lock.lost] : [stop];
    for (const source of sources) source.onAbort(end);
    const call = this.callOf(periodic, node, lock, own);
    try {
      if (node) await driver.validateCall(node, call);
      if (!this.isOver(stop)) await this.runner.run(call).ended;
    } catch (error) {
      if (!stop.reason) this.warn(periodic, call, error);
    } finally {
      for (const source of sources) source.removeListener(end);
    }
  }

  private callOf(
    { driver, vendorInterface, method, httpMethod }: PeriodicMethod,
    node: PassthruNode | null,
    lock: Reservation | undefined,
    stop: Stop,
  ) {
    return {
      mode: 'periodic',
      operation: { kind: 'vendor', interface: vendorInterface.name, name: method.name },
      method,
      vendorInterface,
      driver: driver.name,
      httpMethod,
      requestId: `req-${randomUUID()}`,
      caller: SERVICE,
      args: {},
      rawArgs: {},
      node,
      access: this.nodes.accessFor(node, lock),
      stop,
      isQuiet: true,
      redact: redactor(() => secretsOf(node, [], {})),
    } satisfies MethodCall & ValidatedCall;
  }

  /** At most one line a second for each method. */
  private warn({ key }: PeriodicMethod, call: MethodCall, error: unknown): void {
    let warn = this.warnings.get(key);
    if (!warn) {
      warn = throttledCalls(([failed, why]: readonly [MethodCall, unknown], leftOut) => {
        const { message, stack } = failureLine(failed, why);
        this.logger.error(requestLine(`Periodic ${message}${leftOut}`, failed), stack);
      });
      this.warnings.set(key, warn);
    }
    warn([call, error]);
  }
}

function useOf({ key }: PeriodicMethod): LockUse {
  return { purpose: `periodic:${key}`, caller: null };
}
