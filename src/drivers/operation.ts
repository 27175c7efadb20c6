import { type InterfaceKind } from '@ferrule/driver-kit';

export interface Operation {
  /** `vendor` for passthru methods. */
  readonly kind: InterfaceKind;
  readonly interface: string;
  readonly name: string;
}

/** For log lines: `vendor:fake-options.second_method`. */
export function operationText(operation: Operation): string {
  return `${operation.kind}:${operation.interface}.${operation.name}`;
}
