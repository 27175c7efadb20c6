import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { isTransient } from '../../database/faults/is-transient.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';
import { Periodic } from '../../waiting/periodic.js';
import { retry } from '../../waiting/retry.js';
import { Conductor } from '../conductor.js';
import { type DescribedDriver } from './described-driver.js';
import { chosenHost, rankedHosts } from './rendezvous.js';
import { type ConductorRow, RosterRepository } from './roster.repository.js';
import { ServedDriver } from './served-driver.js';

const INTERVAL_MS = 1_000;
/** Milliseconds in which a driver that no conductor has any more is expected to come back, as after a restart. */
const ABSENCE_MS = 60_000;
const COMPLAINT_INTERVAL = 10_000;
/** Seconds for the first look. */
const PATIENCE = 30;

export interface RosteredConductor {
  readonly id: string;
  readonly hostname: string;
  readonly group: string;
  /** Null if calls cannot be forwarded to it. */
  readonly address: string | null;
  readonly drivers: ReadonlyMap<string, DescribedDriver>;
}

/** What decides which conductors can serve a node. */
export interface Served {
  readonly driver: string;
  readonly group: string;
}

export interface ServedSet extends Served {
  readonly hosts: readonly string[];
}

/** The live conductors and their drivers, as they were about a second ago: asking costs no statement. */
@Injectable()
export class Roster implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Roster.name);
  private conductors: readonly RosteredConductor[] = [];
  private served: ReadonlyMap<string, ServedDriver> = new Map();
  private hosts: ReadonlyMap<string, readonly string[]> = new Map();
  private alive: ReadonlySet<string> = new Set();
  /** When conductors were last seen, by driver and group. */
  private readonly seen = new Map<string, { readonly driver: string; readonly at: number }>();
  private looked = 0;
  private latestLook = 0;
  private readonly looks: Periodic;

  constructor(
    @Inject(RosterRepository) private readonly repository: Pick<RosterRepository, 'live'>,
    @Inject(Conductor)
    private readonly conductor: Pick<Conductor, 'latestDatabaseTime' | 'onRegistered' | 'isKnownAs'>,
    private readonly lifecycle: Lifecycle,
  ) {
    const warn = throttled((message) => this.logger.warn(message), COMPLAINT_INTERVAL);
    this.looks = new Periodic(
      () => INTERVAL_MS,
      () => this.look(),
      (error) => warn(`The search for live conductors failed: ${reasonOf(error)}`),
    );
    conductor.onRegistered(() => void this.looks.run());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    this.looks.start();
  }

  /** To be called once this process has announced that it takes work, so that it finds itself. */
  async refresh(): Promise<void> {
    const options = { patience: PATIENCE, stop: this.lifecycle.closingEnds, isWorthwhile: isTransient };
    await retry(() => this.look(), { ...options, onFailure: () => {} });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.looks.stop();
  }

  get isEmpty(): boolean {
    return this.conductors.length === 0;
  }

  /** By name. */
  drivers(): readonly ServedDriver[] {
    return [...this.served.values()];
  }

  driver(name: string): ServedDriver | undefined {
    return this.served.get(name);
  }

  /** Names of the conductors that have the driver and the group; empty if there is none. */
  hostsFor({ driver, group }: Served): readonly string[] {
    return this.hosts.get(keyOf(driver, group)) ?? [];
  }

  /** @param key of which each has its own order; the first is the conductor that the node is mapped to. */
  conductorsFor(
    { driver, group }: Partial<Served> & Pick<Served, 'driver'>,
    key: string,
  ): readonly RosteredConductor[] {
    const found = this.conductors.filter(
      (each) => each.drivers.has(driver) && (group === undefined || each.group === group),
    );
    const hosts = rankedHosts([...new Set(found.map(({ hostname }) => hostname))], key);
    // One that was started again under its name has two rows for a while.
    return hosts.flatMap((host) => found.filter(({ hostname }) => hostname === host).reverse());
  }

  /** Whether the lease of a conductor holds, also of one that leaves. */
  isAlive(id: string): boolean {
    return this.alive.has(id);
  }

  /** Whether there are further processes, of any role. */
  get hasOthers(): boolean {
    return [...this.alive].some((id) => !this.conductor.isKnownAs(id));
  }

  /** Whether conductors had the driver until a moment ago. @param group undefined for any. */
  isAbsent({ driver, group }: Partial<Served> & Pick<Served, 'driver'>): boolean {
    if (group !== undefined) return this.seen.has(keyOf(driver, group));
    return [...this.seen.values()].some((each) => each.driver === driver);
  }

  /** Each pair of driver and group that conductors have. */
  get all(): readonly ServedSet[] {
    return this.conductors
      .flatMap(({ group, drivers }) => [...drivers.keys()].map((driver) => ({ driver, group })))
      .filter(
        ({ driver, group }, place, all) =>
          all.findIndex((each) => each.driver === driver && each.group === group) === place,
      )
      .map((each) => ({ ...each, hosts: this.hostsFor(each) }));
  }

  /** The conductor that a node is mapped to. */
  hostOf(uuid: string, served: Served): string | undefined {
    return chosenHost(this.hostsFor(served), uuid);
  }

  /** Two may run at once: what an earlier one found must not replace what a later one did. */
  private async look(): Promise<void> {
    const number = ++this.looked;
    const known = new Map(this.conductors.map((each) => [each.id, each.drivers]));
    const rows = await this.repository.live(this.conductor.latestDatabaseTime, [...known.keys()]);
    if (number < this.latestLook) return;
    this.latestLook = number;
    this.alive = new Set(rows.map(({ id }) => id));
    this.conductors = rows
      .filter((row) => row.role !== 'api' && !row.is_leaving)
      .map((row) => conductorOf(row, known.get(row.id)));
    this.served = servedBy(this.conductors);
    this.hosts = hostsOf(this.conductors);
    this.remember();
  }

  private remember(): void {
    const now = performance.now();
    for (const { group, drivers } of this.conductors) {
      for (const driver of drivers.keys()) this.seen.set(keyOf(driver, group), { driver, at: now });
    }
    for (const [key, { at }] of this.seen) if (now - at > ABSENCE_MS) this.seen.delete(key);
  }
}

function conductorOf(row: ConductorRow, known: RosteredConductor['drivers'] | undefined): RosteredConductor {
  const drivers = known ?? new Map((row.drivers ?? []).map((driver) => [driver.name, complete(driver)]));
  return { id: row.id, hostname: row.hostname, group: row.conductor_group, address: row.address, drivers };
}

/** A conductor of an earlier version describes no methods. */
function complete(driver: Omit<DescribedDriver, 'methods'> & Partial<DescribedDriver>): DescribedDriver {
  return { methods: [], ...driver };
}

function servedBy(conductors: readonly RosteredConductor[]): Map<string, ServedDriver> {
  const all = conductors.flatMap(({ drivers }) => [...drivers.values()]);
  const names = [...new Set(all.map(({ name }) => name))].sort();
  return new Map(
    names.flatMap((name) => {
      const [first, ...others] = all.filter((each) => each.name === name);
      const hosts = conductors.filter(({ drivers }) => drivers.has(name)).map(({ hostname }) => hostname);
      return first ? [[name, new ServedDriver([first, ...others], [...new Set(hosts)].sort(), all)]] : [];
    }),
  );
}

function hostsOf(conductors: readonly RosteredConductor[]): Map<string, readonly string[]> {
  const hosts = new Map<string, Set<string>>();
  for (const { hostname, group, drivers } of conductors) {
    for (const driver of drivers.keys()) {
      const key = keyOf(driver, group);
      hosts.set(key, (hosts.get(key) ?? new Set()).add(hostname));
    }
  }
  return new Map([...hosts].map(([key, names]) => [key, [...names].sort()]));
}

function keyOf(driver: string, group: string): string {
  return `${group}/${driver}`;
}
