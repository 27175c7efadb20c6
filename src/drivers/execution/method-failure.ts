import { inspect } from 'node:util';
import { FerruleError } from '@ferrule/driver-kit';
import { operationText } from '../operation.js';
import { type MethodCall } from './method-call.js';
import { VendorPassthruException } from './method-errors.js';

/** Errors in a chain of causes that are written. */
const MAXIMUM_CAUSES = 5;

/** Whether the log has to tell of it: an error below 500 is an answer to the caller and no failure. */
export function isFailure(error: unknown): boolean {
  return !FerruleError.is(error) || error.status >= 500;
}

/** A method that failed as one log line: what failed, where and for which request, with the stacks of all causes. */
export function failureLine(
  { method, vendorInterface, driver, node, requestId, redact }: MethodCall,
  error: unknown,
): { readonly message: string; readonly stack: string } {
  const operation = { kind: 'vendor', interface: vendorInterface.name, name: method.name } as const;
  const target = node === null ? `driver ${driver}` : `node ${node.uuid}`;
  const reason = error instanceof Error ? error.message : String(error);
  return {
    message: redact(
      `${requestId}: ${operationText(operation)} of ${vendorInterface.source} on ${target} failed: ${reason}`,
    ),
    stack: redact(stacksOf(error).join('\nCaused by: ')),
  };
}

function stacksOf(error: unknown): string[] {
  // The stack of the wrapper leads to this service and not to the driver.
  let at: unknown = error instanceof VendorPassthruException ? error.cause : error;
  const stacks: string[] = [];
  while (at !== undefined && stacks.length < MAXIMUM_CAUSES) {
    stacks.push(at instanceof Error ? (at.stack ?? at.message) : inspect(at, { depth: 2 }));
    at = at instanceof Error ? at.cause : undefined;
  }
  return stacks;
}
