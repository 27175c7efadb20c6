import { InvalidParameterValue, type InterfaceKind } from '@ferrule/driver-kit';

/** What other processes know of a driver that a conductor has. */
export interface DescribedDriver {
  readonly name: string;
  /** Descriptions of the keys of `driver_info`. */
  readonly properties: Readonly<Record<string, string>>;
  readonly interfaces: Readonly<Record<InterfaceKind, DescribedInterfaces>>;
  /** Milliseconds that a synchronous method may take; undefined of a process of an earlier version. */
  readonly longestCall?: number;
}

export interface DescribedInterfaces {
  readonly enabled: readonly string[];
  readonly default: string;
}

/** @param isElsewhere whether another hardware type has an interface of this name. */
export function unsupportedInterface(
  driver: string,
  kind: InterfaceKind,
  name: string,
  valid: readonly string[],
  isElsewhere: boolean,
): InvalidParameterValue {
  const problem = isElsewhere
    ? `${kind} interface implementation '${name}' is not supported by hardware type ${driver}.`
    : `Could not find the ${kind} interface '${name}' for hardware type ${driver}.`;
  return new InvalidParameterValue(`${problem} Valid interfaces are ${valid.join(', ')}.`);
}
