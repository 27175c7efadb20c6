import { type Caller, type HttpMethod, type Task, type TaskNode } from '@ferrule/driver-kit';
import { redactor, secretsOf } from '../../secrets/redact.js';
import { copyOf } from '../copy-of.js';
import { sharedTaskOf } from '../execution/method-task.js';
import { type PassthruMethod } from '../methods/passthru-method.js';
import { type DriverInterface } from '../methods/driver-interface.js';
import { Validation } from './validation.js';

export interface InterfaceCall {
  readonly httpMethod: HttpMethod;
  readonly requestId: string;
  readonly caller: Caller;
  readonly vendorInterface: DriverInterface;
}

export interface ValidatedCall extends InterfaceCall {
  readonly method: PassthruMethod;
  readonly rawArgs: Record<string, unknown>;
  /** As the schema made them of the raw ones. */
  readonly args: Record<string, unknown>;
}

/** A hardware type that validates nodes. */
export interface NodeValidator {
  validate(node: TaskNode): unknown;
}

/** A hardware type that asks BMCs whether they answer. */
export interface NodeProber {
  probe(node: TaskNode, signal: AbortSignal): Promise<string>;
}

/** A vendor interface that validates calls of its methods. */
export interface CallValidator {
  validate(task: Task): unknown;
}

export function validatesNodes(hardwareType: object): hardwareType is NodeValidator {
  return 'validate' in hardwareType && typeof hardwareType.validate === 'function';
}

export function probesNodes(hardwareType: object): hardwareType is NodeProber {
  return 'probe' in hardwareType && typeof hardwareType.probe === 'function';
}

export function validatesCalls(vendorInterface: object): vendorInterface is CallValidator {
  return 'validate' in vendorInterface && typeof vendorInterface.validate === 'function';
}

/** What a vendor interface validates for all its methods. @returns and throws as Validation */
export function validateByInterface(
  driver: string,
  node: TaskNode,
  call: InterfaceCall,
): Promise<void> | undefined {
  const { target, name, source } = call.vendorInterface;
  if (!validatesCalls(target)) return undefined;
  const validation = new Validation(
    `The check of node ${node.uuid} by vendor interface ${name}`,
    { requestId: call.requestId, caller: call.caller, node },
    source,
    redactor(() => secretsOf(node, [], {})),
  );
  const task = taskFor(validation, driver, node, call);
  return validation.run(() => target.validate(task));
}

/** What a method validates beyond the schema of its arguments. @returns and throws as Validation */
export function validateByMethod(
  driver: string,
  node: TaskNode | null,
  call: ValidatedCall,
): Promise<void> | undefined {
  const { method, vendorInterface, rawArgs, args } = call;
  if (!method.validates) return undefined;
  const validation = new Validation(
    `The check of the arguments of method '${method.name}'`,
    { requestId: call.requestId, caller: call.caller, node },
    vendorInterface.source,
    redactor(() => secretsOf(node, method.secretArguments, rawArgs)),
  );
  const task = taskFor(validation, driver, node, call);
  return validation.run(() => method.validate(vendorInterface.target, task, copyOf(args)));
}

function taskFor(validation: Validation, driver: string, node: TaskNode | null, call: InterfaceCall): Task {
  const { httpMethod, requestId, caller } = call;
  return sharedTaskOf({ driver, httpMethod, requestId, caller, node }, validation);
}
