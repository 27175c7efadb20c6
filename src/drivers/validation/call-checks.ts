import { type HttpMethod, type Task, type TaskNode } from '@ferrule/driver-kit';
import { redactor, secretsOf } from '../../secrets/redact.js';
import { copyOf } from '../copy-of.js';
import { sharedTaskOf } from '../execution/method-task.js';
import { type PassthruMethod } from '../execution/passthru-method.js';
import { type VendorInterface } from '../vendor-interface.js';
import { DriverCheck } from './driver-check.js';

export interface InterfaceCheck {
  readonly httpMethod: HttpMethod;
  readonly requestId: string;
  readonly vendorInterface: VendorInterface;
}

export interface CallToCheck extends InterfaceCheck {
  readonly method: PassthruMethod;
  readonly rawArgs: Record<string, unknown>;
  /** As the schema made them of the raw ones. */
  readonly args: Record<string, unknown>;
}

/** Checks beyond schemas; its errors reach the caller. */
export interface Validating<T> {
  validate(subject: T): unknown;
}

export function validates<T>(checker: object): checker is Validating<T> {
  return 'validate' in checker && typeof checker.validate === 'function';
}

/** What a vendor interface checks for all its methods. @throws as DriverCheck */
export async function checkInterface(driver: string, node: TaskNode, call: InterfaceCheck): Promise<void> {
  const { target, name, source } = call.vendorInterface;
  if (!validates<Task>(target)) return;
  const check = new DriverCheck(
    `The check of node ${node.uuid} by vendor interface ${name}`,
    call.requestId,
    source,
    redactor(() => secretsOf(node, [], {})),
  );
  const task = taskFor(check, driver, node, call);
  await check.run(() => target.validate(task));
}

/** What a method checks beyond the schema of its arguments. @throws as DriverCheck */
export async function checkCall(driver: string, node: TaskNode | null, call: CallToCheck): Promise<void> {
  const { method, vendorInterface, rawArgs, args } = call;
  const check = new DriverCheck(
    `The check of the arguments of method '${method.name}'`,
    call.requestId,
    vendorInterface.source,
    redactor(() => secretsOf(node, method.secretArguments, rawArgs)),
  );
  const task = taskFor(check, driver, node, call);
  await check.run(() => method.check(vendorInterface.target, task, copyOf(args)));
}

function taskFor(check: DriverCheck, driver: string, node: TaskNode | null, call: InterfaceCheck): Task {
  const { httpMethod, requestId } = call;
  const run = {
    get signal() {
      return check.signal;
    },
    hasEnded: true,
  };
  return sharedTaskOf({ driver, httpMethod, requestId, node }, run);
}
