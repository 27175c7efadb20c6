import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Proxy } from '../../support/proxy.js';
import { type DataDirectory, type Service } from '../../support/service.js';
import { type Dice } from './dice.js';
import { lossesOfLease } from './lease-losses.js';

const MOST_STARTS = 5;

/** A `forwarder` answers calls, and has no drivers. */
export type Role = 'api' | 'forwarder' | 'conductor';

export interface Member {
  /** Its jobs show it as their conductor. */
  readonly hostname: string;
  readonly role: Role;
  readonly service: Service;
  /** To PostgreSQL, and to Redis if the queue is there. */
  readonly ways: readonly Proxy[];
  /** What ended it. */
  gone: { readonly signal: NodeJS.Signals; readonly at: number } | undefined;
  /** A trouble happens to it. */
  isTaken: boolean;
}

/** Milliseconds since 1970. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

export interface FleetPlace {
  readonly directory: DataDirectory;
  readonly postgres: PostgresPlace;
  /** Its port. */
  readonly redis: number | undefined;
  readonly env: Readonly<Record<string, string>>;
}

export interface PostgresPlace {
  /** Path of the socket. */
  readonly socket: string;
  readonly user: string;
  readonly database: string;
}

/** The processes of a service on several hosts, each with its own connections. */
export class Fleet {
  private readonly members = new Map<string, Member>();
  private readonly starts = new Set<Promise<void>>();
  private started = 0;
  private isClosed = false;

  constructor(private readonly place: FleetPlace) {}

  get alive(): readonly Member[] {
    return [...this.members.values()].filter(({ gone }) => gone === undefined);
  }

  /** Those that answer calls. */
  get apis(): readonly Member[] {
    return this.alive.filter(({ role }) => role !== 'conductor');
  }

  async start(role: Role): Promise<void> {
    const hostname = `${role}-${++this.started}`;
    const { directory, redis, env, postgres } = this.place;
    const database = await Proxy.to({ path: postgres.socket });
    const queue = redis === undefined ? undefined : await Proxy.to({ host: '127.0.0.1', port: redis });
    const settings = {
      ...env,
      FERRULE_ROLE: role === 'conductor' ? role : 'api',
      ...(role === 'forwarder' ? { FERRULE_ENABLED_HARDWARE_TYPES: '' } : {}),
      FERRULE_HOSTNAME: hostname,
      FERRULE_DATABASE_URL: `postgres://${postgres.user}@127.0.0.1:${database.port}/${postgres.database}`,
      ...(queue ? { FERRULE_REDIS_URL: `redis://127.0.0.1:${queue.port}` } : {}),
    };
    const service = await this.startAgain(() => directory.start(settings));
    const ways = [database, ...(queue ? [queue] : [])];
    this.members.set(hostname, { hostname, role, service, ways, gone: undefined, isTaken: false });
  }

  /** In the background. */
  replace({ role }: Member): void {
    const start = this.start(role);
    this.starts.add(start);
    // If it fails, `whole` says so.
    start.then(
      () => this.starts.delete(start),
      () => {},
    );
  }

  /** Waits until all are there again. */
  async whole(): Promise<void> {
    await Promise.all(this.starts);
    await Promise.all(this.alive.map(({ service }) => service.ready()));
  }

  /** One to which nothing happens, until it is given back. */
  take(dice: Dice): Member | undefined {
    return this.takeOf(
      this.alive.filter(({ isTaken }) => !isTaken),
      dice,
    );
  }

  /** One that may be missing for a while: others do the same, and half of all are there. */
  takeToEnd(dice: Dice): Member | undefined {
    const { alive } = this;
    if (this.starts.size >= alive.length) return undefined;
    const canMiss = (member: Member): boolean => {
      const others = alive.filter((each) => each !== member && !each.isTaken);
      const answers = (each: Member) => each.role !== 'conductor';
      return others.some(answers) && others.some((each) => !answers(each));
    };
    return this.takeOf(
      alive.filter((member) => !member.isTaken && canMiss(member)),
      dice,
    );
  }

  /** Sends the signal at once. @returns how it ended. */
  async end(member: Member, signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    member.gone = { signal, at: Date.now() };
    const end = await member.service.stop(signal);
    for (const way of member.ways) await way.close();
    return end;
  }

  /** Whether it was ended by then, or lost its lease meanwhile: only then may the outcome of a job be unknown. */
  wasInterrupted(hostname: string | null, period: Period): boolean {
    const member = this.members.get(hostname ?? '');
    if (member === undefined) return false;
    return (member.gone !== undefined && member.gone.at <= period.until) || hasLostLease(member, period);
  }

  wasKilled(hostname: string): boolean {
    return this.members.get(hostname)?.gone?.signal === 'SIGKILL';
  }

  roleOf(pid: number): Role | undefined {
    return this.memberOf(pid)?.role;
  }

  hasLostLease(pid: number, period: Period): boolean {
    const member = this.memberOf(pid);
    return member !== undefined && hasLostLease(member, period);
  }

  /** Writes what the processes have logged. */
  saveLogs(folder: string): void {
    mkdirSync(folder, { recursive: true });
    for (const { hostname, service } of this.members.values())
      writeFileSync(join(folder, `${hostname}.log`), service.log);
  }

  /** Begins no other process. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.alive.map((member) => this.end(member, 'SIGKILL')));
  }

  /** As whoever supervises the process does: while a database is away, its start may fail. */
  private async startAgain(start: () => Promise<Service>): Promise<Service> {
    for (let tries = 1; ; tries++) {
      if (this.isClosed) throw new Error('No other process is to be started.');
      try {
        return await start();
      } catch (error) {
        if (tries === MOST_STARTS) throw error;
      }
    }
  }

  private takeOf(members: readonly Member[], dice: Dice): Member | undefined {
    const member = members.length > 0 ? dice.choose(members) : undefined;
    if (member) member.isTaken = true;
    return member;
  }

  private memberOf(pid: number): Member | undefined {
    return [...this.members.values()].find(({ service }) => service.pid === pid);
  }
}

function hasLostLease({ service }: Member, { from, until }: Period): boolean {
  return lossesOfLease(service).some((at) => at >= from && at <= until);
}
