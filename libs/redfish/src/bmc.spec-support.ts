import { type BmcOptions, type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { RedfishPool, redfishTarget } from './index.js';
import type {
  RedfishAccess,
  RedfishClient,
  RedfishPoolOptions,
  RedfishEvent,
  RedfishTarget,
} from './index.js';

interface Login {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export function quickClients(options: RedfishPoolOptions = {}): RedfishPool {
  return new RedfishPool({
    retries: { attempts: 4, baseDelay: 2, maxDelay: 10 },
    taskPoll: { interval: 2, least: 2 },
    ...options,
  });
}

export function targetOf(
  bmc: Login,
  access: RedfishAccess & { readonly url?: string } = {},
  owner?: string,
): RedfishTarget {
  const { url = bmc.url, ...options } = access;
  return redfishTarget(url, { username: bmc.username, password: bmc.password, owner, ...options });
}

export function clientOf(clients: RedfishPool, bmc: Login, access: RedfishAccess = {}): RedfishClient {
  return clients.client(targetOf(bmc, access));
}

export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const result = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in result) return result.error;
  throw new Error(`Expected a failure, got ${JSON.stringify(result.value)}.`);
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** What a promise resolves with in the next few turns of the event loop, on any clock. */
export async function atOnce<T>(promise: Promise<T>): Promise<T | 'not at once'> {
  const later = async (): Promise<'not at once'> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return 'not at once';
  };
  return Promise.race([promise, later()]);
}

export interface BmcFixture {
  readonly bmc: BmcServer;
  readonly clients: RedfishPool;
  readonly client: RedfishClient;
  readonly events: readonly RedfishEvent[];
  reopen(options: RedfishPoolOptions): Promise<void>;
}

interface Opened {
  readonly bmc: BmcServer;
  readonly clients: RedfishPool;
  readonly events: readonly RedfishEvent[];
}

/** Registers the hooks. `prepare` runs before each test, once the BMC has started. */
export function useBmc(
  options: RedfishPoolOptions = {},
  bmcOptions: BmcOptions = {},
  prepare?: (fixture: BmcFixture) => Promise<unknown>,
): BmcFixture {
  let opened: Opened | undefined;
  const now = (): Opened => {
    if (opened === undefined) throw new Error('The BMC is there only while a test runs.');
    return opened;
  };
  const open = (bmc: BmcServer, chosen: RedfishPoolOptions): Opened => {
    const events: RedfishEvent[] = [];
    const clients = quickClients({ observer: (event) => events.push(event), ...chosen });
    return { bmc, clients, events };
  };
  const fixture: BmcFixture = {
    get bmc() {
      return now().bmc;
    },
    get clients() {
      return now().clients;
    },
    get client() {
      return clientOf(now().clients, now().bmc);
    },
    get events() {
      return now().events;
    },
    reopen: async (chosen) => {
      const { bmc, clients } = now();
      await clients.close();
      opened = open(bmc, chosen);
    },
  };
  beforeEach(async () => {
    opened = open(await startBmc(bmcOptions), options);
    await prepare?.(fixture);
  });
  afterEach(async () => {
    const { bmc, clients } = now();
    await clients.close();
    await bmc.close();
    opened = undefined;
  });
  return fixture;
}
