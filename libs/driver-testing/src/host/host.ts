import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HttpMethod, type JsonObject, type JsonValue } from '@ferrule/driver-kit';
import { type Type } from '@nestjs/common';
import { type Answer, ask } from './answer.js';
import { MemoryLog } from './memory-log.js';
import { loadService, type Service } from './service.js';
import { until } from './until.js';

/** What `startHost` needs; at least one driver. */
export interface StartHostOptions {
  /** Modules of drivers, the default exports of their packages; all their hardware types are enabled. */
  readonly drivers?: readonly Type<object>[];
  /** Name of the package of `drivers`, from which the prefix of its settings follows. Default: `ferrule-driver-tested`. */
  readonly packageName?: string;
  /** Folders of built driver packages, found by their package.json as the service finds them. */
  readonly packages?: readonly string[];
  /** `FERRULE_…` variables, also settings of the drivers. Those of the environment are not read. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Members of a node to create. */
export interface NodeOptions {
  /** Default: the first hardware type of the host. */
  readonly driver?: string;
  readonly name?: string;
  readonly driver_info?: JsonObject;
  readonly vendor_interface?: string;
  readonly [member: string]: JsonValue | undefined;
}

/** How a method is called. */
export interface CallOptions {
  /** Default: the method's first verb. */
  readonly http?: HttpMethod;
  /** The vendor interface of a driver-level method. Default: that of the hardware type. */
  readonly vendorInterface?: string;
  /** Sends the arguments in the query instead of the body; for GET and DELETE. */
  readonly inQuery?: boolean;
  /** Milliseconds that `callAndWait` waits for the job. Default: 60,000. */
  readonly limit?: number;
}

/** A node of a host. */
export interface HostNode {
  readonly uuid: string;
  readonly driver: string;
  readonly vendor_interface: string;
  readonly [member: string]: unknown;
}

/** A job, as `GET /v1/jobs/<id>` shows it. */
export interface Job {
  readonly id: string;
  readonly state: 'succeeded' | 'failed' | 'refused' | 'outcome-unknown' | 'queued' | 'running';
  readonly method: string;
  readonly progress: { readonly percent: number | null; readonly message: string | null } | null;
  readonly result: JsonValue;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** URL of the file that the method returned. */
  readonly attachment: string | null;
  readonly [member: string]: unknown;
}

/** A method in the listing, with its details. */
export interface ListedMethod {
  readonly http_methods: readonly HttpMethod[];
  readonly async: boolean;
  readonly attach: boolean;
  readonly description: string;
  readonly require_exclusive_lock?: boolean;
  /** JSON Schema. */
  readonly args: JsonObject;
  /** Seconds. */
  readonly timeout: number;
  readonly [member: string]: unknown;
}

const ENDED = new Set(['succeeded', 'failed', 'refused', 'outcome-unknown']);
const JOB_LIMIT = 60_000;

/** The real service in this process. `await using` or `stop()` ends it. */
export class Host implements AsyncDisposable {
  private readonly agent = new Agent({ keepAlive: true });
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly service: Service,
    /** Of its database; removed by `stop`. */
    readonly folder: string,
    private readonly logged: MemoryLog,
  ) {}

  static async start(options: StartHostOptions): Promise<Host> {
    const entry = await loadService();
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-testing-'));
    // For root PostgreSQL runs as another user, who must be able to enter.
    await chmod(folder, 0o755);
    const log = new MemoryLog();
    try {
      const service = await entry.startHost({
        drivers: options.drivers ?? [],
        packageName: options.packageName ?? 'ferrule-driver-tested',
        packages: options.packages ?? [],
        settings: { ...DEFAULTS, FERRULE_DATA_DIR: join(folder, 'data'), ...options.settings },
        logger: log,
      });
      return new Host(service, folder, log);
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
    const driver = options.driver ?? (await this.firstDriver());
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
      return ENDED.has(job.state) ? job : undefined;
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

  private async firstDriver(): Promise<string> {
    const { drivers } = (await this.ask('GET', '/v1/drivers')).expect(200).json as {
      drivers: readonly { name: string }[];
    };
    return drivers[0]?.name ?? '';
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

/** A busy node answers at once, and a shutdown waits for no long method. */
const DEFAULTS = { FERRULE_LOCK_TRIES: '1', FERRULE_SHUTDOWN_TIMEOUT: '5' };

/**
 * Starts the real service in this process with the given drivers, a PostgreSQL of its own in a temporary folder, and a
 * free port of the loopback interface:
 *
 * ```ts
 * await using host = await startHost({ drivers: [AcmeDriver] });
 * const node = await host.node({ driver_info: { acme_address: bmc.address } });
 * const job = await host.callAndWait(node, 'flash_firmware', { image: 'https://…' });
 * ```
 *
 * @throws ConfigError naming every reason why the service cannot start
 */
export function startHost(options: StartHostOptions): Promise<Host> {
  return Host.start(options);
}

function nameOf(node: HostNode | string): string {
  return typeof node === 'string' ? node : node.uuid;
}

/** POST for an unknown method, so that the service says which there are. */
function firstVerb(methods: Record<string, ListedMethod>, method: string): HttpMethod {
  return methods[method]?.http_methods[0] ?? 'POST';
}
