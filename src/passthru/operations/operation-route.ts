import { type ClassKind } from '@ferrule/driver-kit/host';
import { SetMetadata } from '@nestjs/common';
import { type Request } from 'express';
import { type PassthruNode } from '../../nodes/record/passthru-node.js';

export const OPERATION = 'ferrule:operation';

/** What a request at a path of its own asks of an interface. */
export interface OperationRoute<Args extends Record<string, unknown> = Record<string, unknown>> {
  readonly kind: ClassKind;
  /** Of the operation, on the wire of jobs. */
  readonly name: string;
  /** Before the node is looked up. @throws BadRequest (400) */
  readonly read: (request: Request) => Args;
  /**
   * What can be refused without the driver.
   * @returns the arguments of the operation.
   * @throws FerruleError
   */
  readonly check: (node: PassthruNode, args: Args, microversion: number) => Record<string, unknown>;
}

/** Declares the operation of a controller's method, for `OperationGuard`. */
export function Operates<Args extends Record<string, unknown>>(route: OperationRoute<Args>): MethodDecorator {
  return SetMetadata(OPERATION, route);
}
