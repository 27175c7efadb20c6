import { randomUUID } from 'node:crypto';
import {
  type Caller,
  type DriverTask,
  type ExclusiveTask,
  type HttpMethod,
  type JsonObject,
  type Progress,
  type SharedTask,
  type Task,
  type TaskNode,
} from '@ferrule/driver-kit';
import { checkDriverInfo } from '@ferrule/driver-kit/host';
import { merged } from './saved-info.js';

/** What both kinds of fake task may be given. */
export interface FakeCallOptions {
  /** Default: `POST`. */
  readonly httpMethod?: HttpMethod;
  /** The hardware type. Default: `fake-hardware`. */
  readonly driver?: string;
  /** Members of the caller. Default: an admin with system scope and without a name. */
  readonly caller?: Partial<Caller>;
}

/** What `fakeTask` may be given. */
export interface FakeTaskOptions extends FakeCallOptions {
  /** `shared` gives a task without `fence` and `saveInternalInfo`. Default: `exclusive`. */
  readonly lock?: 'exclusive' | 'shared';
  /** driver_info of the node. */
  readonly driverInfo?: JsonObject;
  /** Further members of the node. */
  readonly node?: Partial<TaskNode>;
}

/** What a fake task records, and the means to abort it. */
export interface FakeTaskControls {
  /** What the method passed to `progress`, in order. */
  readonly reports: readonly Progress[];
  /** Aborts the signal, as a time limit, a lost lock or a shutdown does. */
  abort(reason?: unknown): void;
}

/** A task of a node method under an exclusive lock, with its records. Its signal and progress work without a service. */
export interface FakeTask extends ExclusiveTask, FakeTaskControls {
  /** The node's `driver_internal_info` with all that the method saved. */
  readonly internalInfo: JsonObject;
}

/** A task of a node method under a shared lock, with its records. */
export interface FakeSharedTask extends SharedTask, FakeTaskControls {}

/** A task of a driver-level method, with its records. */
export interface FakeDriverTask extends DriverTask, FakeTaskControls {}

/**
 * A task for unit tests of a node method, without a service:
 *
 * ```ts
 * const task = fakeTask({ driverInfo: { acme_address: '192.0.2.7' } });
 * await vendor.flashFirmware(task, { image: 'https://…' });
 * expect(task.reports.at(-1)).toEqual({ percent: 100 });
 * ```
 *
 * `saveInternalInfo` merges, removes `undefined` members and refuses what JSON cannot say, as the service does.
 */
export function fakeTask(options: FakeTaskOptions & { readonly lock: 'shared' }): FakeSharedTask;
export function fakeTask(options?: FakeTaskOptions & { readonly lock?: 'exclusive' }): FakeTask;
export function fakeTask(options: FakeTaskOptions = {}): FakeTask | FakeSharedTask {
  const { driver = 'fake-hardware', driverInfo = {}, lock = 'exclusive' } = options;
  const node: TaskNode = {
    uuid: randomUUID(),
    name: null,
    driver,
    driverInfo,
    driverInternalInfo: {},
    properties: {},
    extra: {},
    instanceInfo: {},
    powerState: null,
    ...structuredClone(options.node ?? {}),
  };
  const shared: FakeSharedTask = Object.assign(callOf(options), {
    node,
    driverInfo: ((schema) =>
      checkDriverInfo(node.driver, node.uuid, schema, node.driverInfo)) satisfies SharedTask['driverInfo'],
  });
  if (lock === 'shared') return shared;
  let internalInfo = node.driverInternalInfo;
  const exclusive: Omit<FakeTask, keyof FakeSharedTask> = {
    fence: '1',
    get internalInfo() {
      return internalInfo;
    },
    saveInternalInfo: async (changes) => {
      internalInfo = merged(internalInfo, changes);
    },
  };
  return withMembers(shared, exclusive);
}

/** A task for unit tests of a driver-level method, without a service. */
export function fakeDriverTask(options: FakeCallOptions = {}): FakeDriverTask {
  return Object.assign(callOf(options), { driver: options.driver ?? 'fake-hardware' });
}

const CALLER: Caller = {
  id: null,
  name: null,
  projectId: null,
  roles: ['admin'],
  hasSystemScope: true,
  knownBy: 'none',
};

function callOf({ httpMethod = 'POST', caller }: FakeCallOptions): Task & FakeTaskControls {
  const reports: Progress[] = [];
  const controller = new AbortController();
  return {
    httpMethod,
    requestId: `req-${randomUUID()}`,
    caller: { ...CALLER, ...caller },
    signal: controller.signal,
    reports,
    progress: (progress) => void reports.push({ ...progress }),
    abort: (reason = new Error('The test aborted the task.')) => controller.abort(reason),
  };
}

/** Unlike `Object.assign`, it keeps getters. */
function withMembers<A extends object, B extends object>(target: A, members: B): A & B {
  return Object.defineProperties(target, Object.getOwnPropertyDescriptors(members)) as A & B;
}
