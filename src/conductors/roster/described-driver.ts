import { type Effect, InvalidParameterValue, type InterfaceKind } from '@ferrule/driver-kit';

/** What other processes know of a driver that a conductor has. */
export interface DescribedDriver {
  readonly name: string;
  /** Descriptions of the keys of `driver_info`. */
  readonly properties: Readonly<Record<string, string>>;
  readonly interfaces: Readonly<Record<InterfaceKind, DescribedInterfaces>>;
  readonly methods: readonly DescribedMethod[];
}

/** What the policy asks about a method, and how long it may take. */
export interface DescribedMethod {
  readonly interface: string;
  readonly scope: 'node' | 'driver';
  readonly name: string;
  readonly isAsync: boolean;
  readonly isExclusive: boolean;
  readonly effect: Effect;
  /** Milliseconds. */
  readonly timeout: number;
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
