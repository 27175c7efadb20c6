import { inspect } from 'node:util';
import { FerruleError } from '@ferrule/driver-kit';
import { beginningOf } from '../../secrets/long-text.js';
import { type Redact } from '../../secrets/redact.js';
import { operationText } from '../operation.js';
import { type MethodCall } from './method-call.js';
import { messageOf, VendorPassthruException } from './method-errors.js';

const MAXIMUM_CAUSES = 5;
/** In characters. */
const MAXIMUM_STACK = 32_768;

/** Errors below 500 are answers to the caller and are not logged. */
export function isFailure(error: unknown): boolean {
  return !FerruleError.is(error) || error.status >= 500;
}

export function failureLine(
  { operation, vendorInterface, driver, node, requestId, redact }: MethodCall,
  error: unknown,
): { readonly message: string; readonly stack: string } {
  const target = node === null ? `driver ${driver}` : `node ${node.uuid}`;
  return {
    message: redact(
      `${requestId}: ${operationText(operation)} of ${vendorInterface.source} on ${target} failed: ${messageOf(error)}`,
    ),
    stack: stackOf(error, redact),
  };
}

/** With its causes, without secrets. */
export function stackOf(error: unknown, redact: Redact): string {
  return redact(stacksOf(error).join('\nCaused by: '));
}

export function stacksOf(error: unknown): string[] {
  // Skips the wrapper, whose stack is in this service and not in the driver.
  let at: unknown = error instanceof VendorPassthruException ? error.cause : error;
  const stacks: string[] = [];
  while (at !== undefined && stacks.length < MAXIMUM_CAUSES) {
    stacks.push(
      beginningOf(at instanceof Error ? (at.stack ?? at.message) : inspect(at, { depth: 2 }), MAXIMUM_STACK),
    );
    at = at instanceof Error ? at.cause : undefined;
  }
  return stacks;
}
