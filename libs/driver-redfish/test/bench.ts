import {
  ServiceSettings,
  type ExclusiveTask,
  type JsonObject,
  type JsonValue,
  type Progress,
} from '@ferrule/driver-kit';
import { type MethodDeclaration, methodsOf } from '@ferrule/driver-kit/host';
import { type BmcServer } from '@ferrule/bmc-simulator';
import { type RedfishPoolOptions } from '@ferrule/redfish';
import { Logger } from '@nestjs/common';
import { type RestartPatience } from '../src/bmc/bmc-call.js';
import { NodeBmcs } from '../src/bmc/node-bmcs.js';
import { RedfishSettings } from '../src/redfish.settings.js';
import { RedfishExtendedVendor } from '../src/redfish-extended.vendor.js';

export const NODE = '6f2d5a0e-51a1-4c5e-9a36-0d6f9fdb0a11';

Logger.overrideLogger(false);

/** Retries and polls like a real service, a hundred times faster. */
const FAST: RedfishPoolOptions = {
  retries: { attempts: 5, baseDelay: 5, maxDelay: 20 },
  timeouts: { connect: 1_000, firstByte: 2_000, total: 10_000, task: 10_000, close: 2_000 },
  taskPoll: { interval: 10, least: 5 },
};

export class BadArguments extends Error {
  constructor(readonly texts: readonly string[]) {
    super(texts.join('; '));
  }
}

export interface BenchOptions {
  readonly driverInfo?: JsonObject;
  readonly settings?: ConstructorParameters<typeof RedfishSettings>[0];
  readonly service?: Partial<ServiceSettings>;
  readonly clients?: RedfishPoolOptions;
  readonly restart?: Partial<RestartPatience>;
}

export class Bench {
  readonly pool: NodeBmcs;
  readonly vendor: RedfishExtendedVendor;
  readonly progress: Progress[] = [];
  readonly driverInfo: JsonObject;

  constructor(bmc: Pick<BmcServer, 'address' | 'username' | 'password'>, options: BenchOptions = {}) {
    const settings = new RedfishSettings(options.settings ?? {});
    this.pool = new NodeBmcs(settings, new ServiceSettings(options.service), {
      clients: { ...FAST, ...options.clients },
      patience: { looks: 5, interval: 10 },
      restart: { interval: 20, look: 200, unseen: 100, most: 5_000, ...options.restart },
    });
    this.vendor = new RedfishExtendedVendor(this.pool, settings);
    this.driverInfo = {
      redfish_address: bmc.address,
      redfish_username: bmc.username,
      redfish_password: bmc.password,
      ...options.driverInfo,
    };
  }

  async call(name: string, args: JsonObject = {}, signal = new AbortController().signal): Promise<JsonValue> {
    const { key, options } = declarationOf(name);
    const parsed = options.args?.safeParse(args);
    if (parsed?.success === false) throw new BadArguments(parsed.error.issues.map(({ message }) => message));
    const method: unknown = Reflect.get(this.vendor, key);
    if (typeof method !== 'function') throw new TypeError(`${key} is not a method.`);
    const result: unknown = await Reflect.apply(method, this.vendor, [this.task(signal), parsed?.data]);
    return JSON.parse(JSON.stringify(result ?? null)) as JsonValue;
  }

  async ask(name: string, args: JsonObject = {}): Promise<Record<string, unknown>> {
    return (await this.call(name, args)) as Record<string, unknown>;
  }

  async close(): Promise<void> {
    await this.pool.onApplicationShutdown();
  }

  task(signal: AbortSignal): ExclusiveTask {
    return {
      node: {
        uuid: NODE,
        name: null,
        driver: 'redfish',
        driverInfo: this.driverInfo,
        driverInternalInfo: {},
        properties: {},
        extra: {},
        instanceInfo: {},
        powerState: null,
      },
      httpMethod: 'POST',
      requestId: 'req-spec',
      caller: {
        id: null,
        name: null,
        projectId: null,
        roles: ['admin'],
        hasSystemScope: true,
        knownBy: 'none',
      },
      signal,
      fence: '1',
      progress: (progress) => this.progress.push(progress),
      driverInfo: (schema) => schema.parse(this.driverInfo),
      saveInternalInfo: async () => undefined,
    };
  }
}

export function declarationOf(name: string): MethodDeclaration {
  const wire = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const found = methodsOf(RedfishExtendedVendor).find(
    ({ key, options }) => (options.name ?? wire(key)) === name,
  );
  if (found === undefined) throw new Error(`There is no method ${name}.`);
  return found;
}

export async function failureOf(call: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error as Error & Record<string, unknown>;
    throw error;
  }
  throw new Error('It did not fail.');
}
