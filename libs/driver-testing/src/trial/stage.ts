import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonObject } from '@ferrule/driver-kit';
import { type Type } from '@nestjs/common';
import { type Host } from '../host/host.js';
import { type HostNode } from '../host/node.js';
import { startHost } from '../host/start-host.js';
import { ExitWatch } from '../subject/exit-watch.js';
import { type DriverCheckOptions } from '../subject/options.js';
import { type Subject, subjectOf, type VendorInterface } from '../subject/subject.js';
import { ConsoleWatch } from './console-watch.js';
import { type Observation } from './execution.js';
import { Observer } from './observer.js';
import { Residue } from './residue.js';

/** As long as the service waits for an aborted method. */
const GRACE = 10_000;

/** What stopping the service left behind. */
export interface Stopping {
  /** Milliseconds. */
  readonly took: number;
  readonly residue: readonly string[];
}

/** A driver in the real service, which starts when it is first needed. */
export class Stage {
  readonly subject: Subject;
  private readonly others: Host[] = [];
  private readonly strays: string[] = [];
  private readonly console = new ConsoleWatch();
  private readonly exits = new ExitWatch((error) => this.onStray(error));
  private readonly nodes = new Map<VendorInterface, Promise<HostNode>>();
  private starting: Promise<Host> | undefined;
  private ending: Promise<Stopping> | undefined;
  private observer: Observer | undefined;
  private before: Residue | undefined;

  constructor(
    module: Type<object>,
    readonly options: DriverCheckOptions,
  ) {
    this.subject = subjectOf(module);
  }

  /** Milliseconds in which a driver must stop what it does. */
  get grace(): number {
    return this.options.grace ?? GRACE;
  }

  get packageFolder(): string {
    return this.options.packageFolder ?? process.cwd();
  }

  /** The service with the driver. */
  host(): Promise<Host> {
    this.starting ??= this.start();
    return this.starting;
  }

  /** Why the service did not start. */
  async startProblem(): Promise<unknown> {
    return this.starting?.then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  /** Another service with the driver, beside the first. */
  async anotherHost(): Promise<Host> {
    const host = await startHost(this.hostOptions());
    this.others.push(host);
    return host;
  }

  /** Every run of a method's code in the service so far. */
  observed(): readonly Observation[] {
    return [...(this.observer?.observations ?? [])];
  }

  /** The node that the examples of a vendor interface are called on. */
  nodeOf(owner: VendorInterface): Promise<HostNode> {
    const node = this.nodes.get(owner) ?? this.newNode(owner);
    this.nodes.set(owner, node);
    return node;
  }

  /** The next examples get another node. */
  forgetNode(owner: VendorInterface): void {
    this.nodes.delete(owner);
  }

  /** @param changes to driver_info. */
  async newNode(owner: VendorInterface, changes: JsonObject = {}): Promise<HostNode> {
    const host = await this.host();
    return host.node({
      driver: owner.hardwareType,
      vendor_interface: owner.name,
      driver_info: { ...(await this.driverInfo(owner.hardwareType)), ...changes },
    });
  }

  async driverInfo(hardwareType: string): Promise<JsonObject> {
    const { driverInfo = {} } = this.options;
    return typeof driverInfo === 'function' ? driverInfo(hardwareType) : driverInfo;
  }

  /** What the service and the driver have logged or printed; Nest has one logger in a process, that of the last start. */
  async logged(): Promise<readonly string[]> {
    return [await this.host(), ...this.others].flatMap(({ log }) => log).concat(this.console.lines);
  }

  /** Errors that nobody caught. */
  async strayErrors(): Promise<readonly string[]> {
    return [await this.host(), ...this.others].flatMap(({ strayErrors }) => strayErrors).concat(this.strays);
  }

  /** Fields of a package.json, or nothing. */
  manifest(): Readonly<Record<string, unknown>> | undefined {
    try {
      return JSON.parse(readFileSync(join(this.packageFolder, 'package.json'), 'utf8')) as Record<
        string,
        unknown
      >;
    } catch {
      return undefined;
    }
  }

  /** Stops the service. */
  stop(): Promise<Stopping> {
    this.ending ??= this.end();
    return this.ending;
  }

  private readonly onStray = (error: unknown): void => {
    this.strays.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };

  private hostOptions() {
    const name = this.manifest()?.['name'];
    return {
      drivers: [this.subject.module],
      ...(typeof name === 'string' && { packageName: name }),
      settings: { FERRULE_CONDUCTOR_CONCURRENCY: '1000', ...this.options.settings },
    };
  }

  private async start(): Promise<Host> {
    this.before = Residue.now();
    process.on('unhandledRejection', this.onStray);
    this.exits.begin();
    this.console.begin();
    const host = await startHost(this.hostOptions());
    this.observer = new Observer(host, this.subject.interfaces);
    return host;
  }

  private async end(): Promise<Stopping> {
    const began = performance.now();
    try {
      await (await this.starting?.catch(() => undefined))?.stop();
    } finally {
      process.off('unhandledRejection', this.onStray);
      this.exits.end();
      this.console.end();
    }
    const took = performance.now() - began;
    return { took, residue: (await this.before?.after()) ?? [] };
  }
}
