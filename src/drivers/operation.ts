import { type InterfaceKind } from '@ferrule/driver-kit';

/** Identifies one method of one interface, for jobs, locks, policies and logs. */
export interface Operation {
  /** The kind of the interface: `vendor` for passthru methods. */
  readonly kind: InterfaceKind;
  readonly interface: string;
  /** The wire name of the method, for example `second_method`. */
  readonly name: string;
}

/** Formats an operation for log lines: `vendor:fake-options.second_method`. */
export function operationText(operation: Operation): string {
  return `${operation.kind}:${operation.interface}.${operation.name}`;
}
