import { type InterfaceKind } from '@ferrule/driver-kit';

/** What a call runs: one method of one interface. Jobs, locks, policy and log lines name it. */
export interface Operation {
  /** The kind of the interface: `vendor` for passthru methods. */
  readonly kind: InterfaceKind;
  /** The name of the interface, `fake-options` for example. */
  readonly interface: string;
  /** The name on the wire: of a passthru method, for example `second_method`. */
  readonly name: string;
}

/** An operation in one word, for log lines: `vendor:fake-options.second_method`. */
export function operationText(operation: Operation): string {
  return `${operation.kind}:${operation.interface}.${operation.name}`;
}
