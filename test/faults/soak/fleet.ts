import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Proxy } from '../../support/proxy.js';
import { type DataDirectory, type Service } from '../../support/service.js';
import { type Connection } from '../../../src/database/sessions/connection.js';
import { type TestRedis } from '../../support/redis.js';

const LEASE_LOST = 'The lease of this process could not be renewed';

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
  gone: NodeJS.Signals | undefined;
  seen: number;
}

export interface FleetPlace {
  readonly directory: DataDirectory;
  readonly postgres: Connection;
  readonly redis: TestRedis | undefined;
  readonly env: Readonly<Record<string, string>>;
}

/** The processes of a service on several hosts, each with its own connections. */
export class Fleet {
  private readonly members = new Map<string, Member>();
  private started = 0;

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
    const { directory, redis, env } = this.place;
    const database = await this.wayToPostgres();
    const queue = redis && (await Proxy.to({ host: '127.0.0.1', port: redis.port }));
    const settings = {
      ...env,
      FERRULE_ROLE: role === 'conductor' ? role : 'api',
      ...(role === 'forwarder' ? { FERRULE_ENABLED_HARDWARE_TYPES: '' } : {}),
      FERRULE_HOSTNAME: hostname,
      FERRULE_DATABASE_URL: database.url,
      ...(queue ? { FERRULE_REDIS_URL: `redis://127.0.0.1:${queue.port}` } : {}),
    };
    const service = await startAgain(() => directory.start(settings));
    const ways = [database.proxy, ...(queue ? [queue] : [])];
    this.members.set(hostname, { hostname, role, service, ways, gone: undefined, seen: 0 });
  }

  /** Sends the signal at once. @returns how it ended. */
  async end(member: Member, signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    member.gone = signal;
    const end = await member.service.stop(signal);
    for (const way of member.ways) await way.close();
    return end;
  }

  /** Whether it was ended, or lost its lease since `settle`: only then may the outcome of a job be unknown. */
  wasInterrupted(hostname: string | null): boolean {
    const member = this.members.get(hostname ?? '');
    return member !== undefined && (member.gone !== undefined || hasLostLease(member));
  }

  wasKilled(hostname: string): boolean {
    return this.members.get(hostname)?.gone === 'SIGKILL';
  }

  roleOf(pid: number): Role | undefined {
    return this.memberOf(pid)?.role;
  }

  /** Since `settle`. */
  hasLostLease(pid: number): boolean {
    const member = this.memberOf(pid);
    return member !== undefined && hasLostLease(member);
  }

  /** Writes what the processes have logged. */
  saveLogs(folder: string): void {
    mkdirSync(folder, { recursive: true });
    for (const { hostname, service } of this.members.values())
      writeFileSync(join(folder, `${hostname}.log`), service.log);
  }

  settle(): void {
    for (const member of this.members.values()) member.seen = member.service.log.length;
  }

  async close(): Promise<void> {
    for (const { service } of this.alive) {
      service.kill('SIGCONT');
      await service.stop('SIGKILL');
    }
    for (const { ways } of this.alive) for (const way of ways) await way.close();
  }

  private memberOf(pid: number): Member | undefined {
    return [...this.members.values()].find(({ service }) => service.pid === pid);
  }

  private async wayToPostgres(): Promise<{ readonly proxy: Proxy; readonly url: string }> {
    const { postgres } = this.place;
    if (!('host' in postgres)) throw new TypeError('The embedded server has a socket.');
    const { host, port, user, database } = postgres;
    const proxy = await Proxy.to({ path: `${host}/.s.PGSQL.${port}` });
    return { proxy, url: `postgres://${user}@127.0.0.1:${proxy.port}/${database}` };
  }
}

function hasLostLease({ service, seen }: Member): boolean {
  return service.log.slice(seen).includes(LEASE_LOST);
}

/** As whoever supervises the process does: while a database is away, its start may fail. */
async function startAgain(start: () => Promise<Service>): Promise<Service> {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (tries === MOST_STARTS) throw error;
    }
  }
}
