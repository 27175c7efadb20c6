import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HttpMethod, type JsonObject } from '@ferrule/driver-kit';
import { type Type } from '@nestjs/common';
import { type Answer, ask } from './answer.js';
import { type CallOptions } from './call-options.js';
import { hasEnded, type Job } from './job.js';
import { type ListedMethod } from './listed-method.js';
import { MemoryLog } from './memory-log.js';
import { type HostNode, type NodeOptions } from './node.js';
import { type StartHostOptions } from './options.js';
import { loadService, type Service } from './service.js';
import { until } from './until.js';

const JOB_LIMIT = 60_000;

/** A busy node answers at once, and a shutdown waits for no long method. */
const DEFAULTS = { FERRULE_LOCK_TRIES: '1', FERRULE_SHUTDOWN_TIMEOUT: '5' };

/** The real service in this process. `await using` or `stop()` ends it. */
export class Host implements AsyncDisposable {
  private readonly agent = new Agent({ keepAlive: true });
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly service: Service,
    /** Of its database; removed by `stop`. */
    readonly folder: string,
    private readonly logged: MemoryLog,
    /** Stacks of errors that a driver left uncaught and that ended a call. Others are left to the test runner. */
    readonly strayErrors: readonly string[],
  ) {}

  static async start(options: StartHostOptions): Promise<Host> {
    const entry = await loadService();
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-testing-'));
    // For root PostgreSQL runs as another user, who must be able to enter.
    await chmod(folder, 0o755);
    const log = new MemoryLog();
    const strayErrors: string[] = [];
    try {
      const service = await entry.startHost({
        drivers: options.drivers ?? [],
        packageName: options.packageName ?? 'ferrule-driver-tested',
        packages: options.packages ?? [],
        settings: { ...DEFAULTS, FERRULE_DATA_DIR: join(folder, 'data'), ...options.settings },
        logger: log,
        onStrayError: (stack) => strayErrors.push(stack),
      });
      return new Host(service, folder, log, strayErrors);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Where the service listens, for any client of Ironic. */
  get url(): string {
    return this.service.url;
  }

  /** What the service and the drivers have logged, an entry for each call of the logger. */
  get log(): readonly string[] {
    return this.logged.entries;
  }

  /** A provider of a driver module, for example a vendor interface. */
  get<T extends object>(type: Type<T>): T {
    return this.service.get(type);
  }

  /** One request to the service with the newest microversion; `body` is sent as JSON with any verb. */
  ask(verb: string, path: string, body?: unknown): Promise<Answer> {
    return ask(this.agent, new URL(path, this.url), verb, body);
  }

  /** Creates a node. */
  async node(options: NodeOptions = {}): Promise<HostNode> {
    const driver = options.driver ?? this.service.hardwareTypes[0] ?? '';
    const answer = await this.ask('POST', '/v1/nodes', { ...options, driver });
    return answer.expect(201).json as HostNode;
  }

  /** A node with its current fields, secrets hidden. */
  async readNode(node: HostNode | string): Promise<HostNode> {
    return (await this.ask('GET', `/v1/nodes/${nameOf(node)}`)).expect(200).json as HostNode;
  }

  /** Calls a method of a node: 200 with its result, 202 with a job, or an error. */
  async call(
    node: HostNode | string,
    method: string,
    args: JsonObject = {},
    options: CallOptions = {},
  ): Promise<Answer> {
    const place = `/v1/nodes/${nameOf(node)}/vendor_passthru`;
    const verb = options.http ?? firstVerb(await this.methods(node), method);
    return this.send(verb, place, method, args, options);
  }

  /** Calls a driver-level method: 200 with its result, 202 with a job, or an error. */
  async callDriver(
    driver: string,
    method: string,
    args: JsonObject = {},
    options: CallOptions = {},
  ): Promise<Answer> {
    const place = `/v1/drivers/${driver}/vendor_passthru`;
    const verb = options.http ?? firstVerb(await this.driverMethods(driver, options.vendorInterface), method);
    return this.send(verb, place, method, args, options);
  }

  /**
   * Calls an asynchronous method of a node and waits for its job, which may also have failed.
   * @throws Error if the call is not accepted, or if the job does not end within `limit`
   */
  async callAndWait(
    node: HostNode | string,
    method: string,
    args: JsonObject = {},
    options: CallOptions = {},
  ): Promise<Job> {
    return this.jobOf(await this.call(node, method, args, options), options.limit);
  }

  /** The job of an answer 202, when it has ended. @param limit milliseconds */
  async jobOf(accepted: Answer, limit = JOB_LIMIT): Promise<Job> {
    const { pathname } = new URL(accepted.expect(202).headers.location ?? '', this.url);
    return until(`The job ${pathname}`, limit, async () => {
      const job = (await this.ask('GET', pathname)).expect(200).json as Job;
      return hasEnded(job) ? job : undefined;
    });
  }

  /** The methods of a node's vendor interface, with their details. */
  async methods(node: HostNode | string): Promise<Record<string, ListedMethod>> {
    const path = `/v1/nodes/${nameOf(node)}/vendor_passthru/methods?detail=true`;
    return (await this.ask('GET', path)).expect(200).json as Record<string, ListedMethod>;
  }

  /** The driver-level methods of a hardware type, with their details. */
  async driverMethods(driver: string, vendorInterface?: string): Promise<Record<string, ListedMethod>> {
    const query = vendorInterface === undefined ? '' : `&vendor_interface=${vendorInterface}`;
    const path = `/v1/drivers/${driver}/vendor_passthru/methods?detail=true${query}`;
    return (await this.ask('GET', path)).expect(200).json as Record<string, ListedMethod>;
  }

  /** Locks a node, as another call would. */
  async lock(node: HostNode | string): Promise<AsyncDisposable & { release(): Promise<void> }> {
    const release = await this.service.lock(typeof node === 'string' ? node : node.uuid);
    return { release, [Symbol.asyncDispose]: release };
  }

  /** Ends running methods, the service, its database, and removes its folder. */
  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  private async end(): Promise<void> {
    this.agent.destroy();
    try {
      await this.service.stop();
    } finally {
      await rm(this.folder, { recursive: true, force: true });
    }
  }

  private send(
    verb: string,
    place: string,
    method: string,
    args: JsonObject,
    { inQuery = false, vendorInterface }: CallOptions,
  ): Promise<Answer> {
    const query = new URLSearchParams({ method });
    if (vendorInterface !== undefined) query.set('vendor_interface', vendorInterface);
    if (!inQuery) return this.ask(verb, `${place}?${query.toString()}`, args);
    for (const [name, value] of Object.entries(args)) {
      query.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    }
    return this.ask(verb, `${place}?${query.toString()}`);
  }
}

function nameOf(node: HostNode | string): string {
  return typeof node === 'string' ? node : node.uuid;
}

/** POST for an unknown method, so that the service says which there are. */
function firstVerb(methods: Record<string, ListedMethod>, method: string): HttpMethod {
  return methods[method]?.http_methods[0] ?? 'POST';
}
