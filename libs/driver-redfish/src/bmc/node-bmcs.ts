import { isIP } from 'node:net';
import {
  InvalidParameterValue,
  OutcomeUnknown,
  type Progress as JobProgress,
  provideBmcStates,
  ServiceSettings,
  type RehearsalTask,
  type SharedTask,
  type TaskNode,
} from '@ferrule/driver-kit';
import {
  addressAllowed,
  destinationAllowed,
  type Networks,
  parseNetworks,
  type Patience,
  type Progress,
  type RedfishClient,
  RedfishCredential,
  RedfishPool,
  type RedfishPoolOptions,
  type RedfishEvent,
  type RedfishTarget,
} from '@ferrule/redfish';
import { Injectable, Logger, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { reportExchange, statesOf } from './activity.js';
import { type BmcCall, type RestartPatience } from './bmc-call.js';
import { asKitError, refusedAddress } from './errors.js';
import { nodeTarget } from './node-target.js';
import { CaDirectory } from '../ca-directory.js';
import { ImageServers } from './image-servers.js';
import { RecentTargets } from './recent-targets.js';
import { RedfishSettings } from '../redfish.settings.js';

/** BMCs show an accepted change within a second or two. */
const PATIENCE: Patience = { looks: 5, interval: 1_000 };
/** A BMC goes away some seconds after it accepted its reset, and is back after one to ten minutes. */
const RESTART: RestartPatience = { interval: 5_000, look: 10_000, unseen: 120_000, most: 900_000 };
const MOST_ALLOWED = 10_000;

export interface NodeBmcsOptions {
  readonly clients?: RedfishPoolOptions | undefined;
  readonly patience?: Patience;
  readonly restart?: RestartPatience;
}

@Injectable()
export class NodeBmcs implements OnApplicationShutdown {
  private readonly logger = new Logger(NodeBmcs.name);
  private readonly pool: RedfishPool;
  private readonly withdraw: () => void;
  /** Where images come from that the service uploads to BMCs. */
  readonly images: ImageServers;
  /** Origins that passed the address check; the networks do not change while the process lives. */
  private readonly allowed = new Set<string>();
  private readonly targets = new RecentTargets();
  private readonly networks: Networks | undefined;
  private readonly eventNetworks: Networks | undefined;
  private readonly patience: Patience;
  private readonly restart: RestartPatience;
  private readonly caDirectory: CaDirectory | undefined;

  constructor(
    private readonly settings: RedfishSettings,
    service: ServiceSettings,
    @Optional() options: NodeBmcsOptions = {},
  ) {
    this.networks = parseNetworks(service.bmcNetworks);
    this.eventNetworks = parseNetworks(service.eventNetworks);
    this.patience = options.patience ?? PATIENCE;
    this.restart = options.restart ?? RESTART;
    this.caDirectory = settings.caDir === undefined ? undefined : new CaDirectory(settings.caDir);
    const limits = {
      ...options.clients,
      retries: { attempts: settings.attempts, ...options.clients?.retries },
      timeouts: {
        connect: settings.connectTimeout * 1_000,
        firstByte: settings.responseTimeout * 1_000,
        total: settings.callTimeout * 1_000,
        task: settings.taskTimeout * 1_000,
        ...options.clients?.timeouts,
      },
    };
    this.images = new ImageServers(settings.imageNetworks, limits);
    this.pool = new RedfishPool({
      networks: this.networks,
      aliases: settings.aliases,
      observer: (event) => this.saw(event),
      sockets: settings.sockets,
      ...limits,
    });
    this.withdraw = provideBmcStates(() => statesOf(this.pool));
  }

  /**
   * The BMC that a node's driver_info describes. Sends nothing.
   * @throws InvalidParameterValue or MissingParameterValue in Ironic's words
   */
  target(node: TaskNode): RedfishTarget {
    const known = this.targets.get(node);
    if (known !== undefined) return known;
    try {
      const { authType, verifyCa } = this.settings;
      const target = nodeTarget(node.driverInfo, {
        nodeUuid: node.uuid,
        caDirectory: this.caDirectory,
        defaults: { authType, verifyCa },
      });
      this.checkAddress(target, node);
      this.targets.keep(node, target);
      return target;
    } catch (error) {
      throw asKitError(error, node.uuid);
    }
  }

  /** In a rehearsal the BMC is read, and the first change is recorded in place of being sent. */
  async use<T>(task: SharedTask | RehearsalTask, work: (call: BmcCall) => Promise<T>): Promise<T> {
    const { signal } = task;
    const rehearsal = 'rehearsal' in task ? task.rehearsal : undefined;
    const { node } = 'rehearsal' in task ? task.rehearsal : task;
    const target = this.target(node);
    const client = (to: RedfishTarget): RedfishClient =>
      rehearsal ? this.pool.client(to).rehearsal(rehearsal.record) : this.pool.client(to);
    const bmc = client(target);
    const withAccount = (username: string, password: string): RedfishClient =>
      client({ ...target, credential: new RedfishCredential(username, password) });
    let wasAsked = false;
    const options = {
      signal,
      onProgress: (step: Progress) => task.progress(shown(step)),
      onSent: (): void => {
        wasAsked = true;
      },
    };
    try {
      return await work({
        bmc,
        withAccount,
        nodeUuid: node.uuid,
        options,
        patience: this.patience,
        restart: this.restart,
      });
    } catch (error) {
      if (wasAsked && signal.aborted && error === signal.reason) throw stillAtWork(error);
      const hasCredential = target.credential !== undefined;
      throw asKitError(error, node.uuid, { hasCredential, networks: this.networks });
    }
  }

  async whyNoDestination(url: string): Promise<string | undefined> {
    const verdict = await destinationAllowed(url, this.eventNetworks);
    return verdict.allowed ? undefined : verdict.reason;
  }

  /** BMCs have few sessions, and keep those of an ended process until they time out. */
  async onApplicationShutdown(): Promise<void> {
    this.withdraw();
    await Promise.all([this.pool.close(), this.images.close()]);
  }

  /** Refuses a literal address before anything is sent; names are checked when a connection is made. */
  private checkAddress({ origin }: RedfishTarget, node: TaskNode): void {
    if (this.allowed.has(origin)) return;
    const host = new URL(origin).hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(host) === 0 || addressAllowed(host, this.networks)) {
      if (this.allowed.size >= MOST_ALLOWED) this.allowed.clear();
      this.allowed.add(origin);
      return;
    }
    throw new InvalidParameterValue(
      `Invalid Redfish address ${origin} set in driver_info/redfish_address on node ${node.uuid}. ` +
        refusedAddress(this.networks),
    );
  }

  private saw(event: RedfishEvent): void {
    if (event.kind === 'exchange') reportExchange(event);
    else this.log(event);
  }

  private log(event: RedfishEvent): void {
    if (event.kind === 'circuit-opened') {
      this.logger.warn(
        `${event.bmc} refused its credentials repeatedly; they are not sent again before a cooldown.`,
      );
    } else if (event.kind === 'logout-failed') {
      this.logger.warn(
        `The session at ${event.bmc} could not be deleted; the BMC ends it after its idle time.`,
      );
    } else if (event.kind === 'learned') {
      this.logger.debug(`${event.bmc}: ${event.flag} is ${event.value === '' ? 'forgotten' : event.value}`);
    }
  }
}

/** The BMC goes on with what it was asked for, and nobody waits for its answer or its task any more. */
function stillAtWork(reason: unknown): OutcomeUnknown {
  const text = reason instanceof Error ? reason.message : String(reason);
  return new OutcomeUnknown(`${text} The BMC was asked for a change before and may still be at work.`, {
    cause: reason,
  });
}

/** With the path of the BMC's task, which can be looked up there even if this service dies. */
function shown({ task, percent, message }: Progress): JobProgress {
  const told = [message, task === undefined ? undefined : `task ${task}`].filter(
    (part) => part !== undefined,
  );
  return {
    ...(percent === undefined ? {} : { percent }),
    ...(told.length === 0 ? {} : { message: told.join(', ') }),
  };
}
