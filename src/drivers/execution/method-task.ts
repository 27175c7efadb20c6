import {
  type DriverTask,
  type ExclusiveTask,
  type JsonObject,
  type PlannedRequest,
  type Progress,
  type RehearsalTask,
  type SharedTask,
  type TaskNode,
} from '@ferrule/driver-kit';
import { checkDriverInfo, driverCalls } from '@ferrule/driver-kit/host';
import { copyOf } from '../copy-of.js';
import { Logger } from '@nestjs/common';
import { requestLine } from '../../logging/request-line.js';
import { throttledCalls } from '../../logging/throttled.js';
import { operationText } from '../operation.js';
import { storedInfo } from './internal-info.js';
import { type MethodCall } from './method-call.js';
import { messageOf } from './method-errors.js';

/** What runs the code of a driver that gets the task. */
export interface TaskRun {
  readonly signal: AbortSignal;
  progress(report: Progress): void;
}

export interface LockedRun extends TaskRun {
  readonly hasEnded: boolean;
  /** @throws when the method was aborted or has ended. */
  assertRunning(): void;
}

export type TaskCall = Pick<MethodCall, 'driver' | 'httpMethod' | 'requestId' | 'caller' | 'node'>;

/** Without a lock, as for a validation before a call. */
export function sharedTaskOf(call: TaskCall, run: TaskRun): DriverTask | SharedTask {
  const { driver, httpMethod, requestId, caller } = call;
  const node = copyOf(call.node);
  const task = {
    httpMethod,
    requestId,
    caller,
    get signal() {
      return run.signal;
    },
    progress: (report: Progress): void => run.progress(report),
  };
  if (!node) return Object.assign(task, { driver });
  return Object.assign(task, {
    node,
    driverInfo: ((schema) =>
      checkDriverInfo(driver, node.uuid, schema, node.driverInfo)) satisfies SharedTask['driverInfo'],
  });
}

/** Thrown into the method; nobody sees it. */
class Rehearsed extends Error {
  constructor() {
    super('This is a rehearsal: the request is recorded, and not sent.');
  }
}

function rehearsalTaskOf(call: MethodCall, node: TaskNode, run: TaskRun): RehearsalTask {
  const { httpMethod, requestId, caller, onPlanned } = call;
  return {
    httpMethod,
    requestId,
    caller,
    get signal() {
      return run.signal;
    },
    progress: () => {},
    rehearsal: {
      node: copyOf(node),
      record: (request: PlannedRequest): never => {
        onPlanned?.(request);
        throw new Rehearsed();
      },
    },
  };
}

export function taskOf(
  call: MethodCall,
  run: LockedRun,
): DriverTask | SharedTask | ExclusiveTask | RehearsalTask {
  const { access, node } = call;
  if (call.onPlanned && node) return rehearsalTaskOf(call, node, run);
  const shared = sharedTaskOf(call, run);
  if (!access) return shared;
  const save = async (changes: JsonObject): Promise<void> => {
    run.assertRunning();
    const stored = storedInfo(changes);
    await driverCalls.outside(() => access.saveInternalInfo(stored));
  };
  return Object.assign(shared, {
    fence: access.fence,
    saveInternalInfo: (changes: JsonObject): Promise<void> => {
      const saved = save(changes);
      // The method may not await it; an error after its end is logged.
      saved.catch((error: unknown) => {
        if (run.hasEnded) warn({ call, error });
      });
      return saved;
    },
  });
}

const logger = new Logger('SaveInternalInfo');
const warn = throttledCalls(({ call, error }: { call: MethodCall; error: unknown }, leftOut) => {
  const { operation, vendorInterface, redact } = call;
  const text = `saveInternalInfo of ${operationText(operation)} of ${vendorInterface.source} stored nothing: ${messageOf(error)}${leftOut}`;
  logger.warn(requestLine(redact(text), call));
});
