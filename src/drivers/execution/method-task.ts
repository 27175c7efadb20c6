import {
  type DriverTask,
  type ExclusiveTask,
  type JsonObject,
  type Progress,
  type SharedTask,
} from '@ferrule/driver-kit';
import { checkDriverInfo } from '../driver-info.js';
import { assertInternalInfo } from './internal-info.js';
import { type MethodCall } from './method-call.js';

export interface TaskRun {
  readonly signal: AbortSignal;
  readonly hasEnded: boolean;
  /** @throws when the method was aborted or has ended. */
  assertRunning(): void;
}

export function taskOf(call: MethodCall, run: TaskRun): DriverTask | SharedTask | ExclusiveTask {
  const { node, driver, httpMethod, requestId, access } = call;
  const task = {
    httpMethod,
    requestId,
    get signal() {
      return run.signal;
    },
    progress: (report: Progress): void => {
      if (!run.hasEnded) call.onProgress?.(report);
    },
  };
  if (!node) return Object.assign(task, { driver });
  const shared: SharedTask = Object.assign(task, {
    node,
    driverInfo: ((schema) =>
      checkDriverInfo(driver, node.uuid, schema, node.driverInfo)) satisfies SharedTask['driverInfo'],
  });
  if (!access) return shared;
  return Object.assign(shared, {
    fence: access.fence,
    saveInternalInfo: async (changes: JsonObject): Promise<void> => {
      run.assertRunning();
      assertInternalInfo(changes);
      await access.saveInternalInfo(changes);
    },
  });
}
