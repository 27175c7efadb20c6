import { INTERFACE_KINDS, InvalidParameterValue, type InterfaceKind } from '@ferrule/driver-kit';
import { type Driver } from '../../drivers/driver.js';
import { type DriverRegistry } from '../../drivers/driver.registry.js';
import { NoValidHost } from '../errors.js';

/** The only conductor group that is served. */
const GROUP = '';

export type InterfaceField = `${InterfaceKind}_interface`;

/** The kinds with the field in which a node names its interface. */
export const INTERFACE_FIELDS = INTERFACE_KINDS.map((kind) => [kind, interfaceField(kind)] as const);

export function interfaceField(kind: InterfaceKind): InterfaceField {
  return `${kind}_interface`;
}

/** The host that serves nodes of a driver and a conductor group, null when there is none. */
export function conductorOf(drivers: DriverRegistry, driver: string, group: string): string | null {
  return group === GROUP && drivers.find(driver) ? (drivers.hosts[0] ?? null) : null;
}

/**
 * The driver that a node is to have.
 * @throws NoValidHost (400) when nobody serves it in that conductor group.
 */
export function servedDriver(drivers: DriverRegistry, name: string, group: string): Driver {
  const driver = drivers.find(name);
  if (driver && group === GROUP) return driver;
  throw new NoValidHost(name, group, drivers.names());
}

/** @throws InvalidParameterValue (400) when the driver has no such interface, or it is not enabled. */
export function assertSupported(driver: Driver, kind: InterfaceKind, name: string): void {
  if (driver.supports(kind, name)) return;
  throw new InvalidParameterValue(
    `Could not find the ${kind} interface '${name}' for hardware type ${driver.name}. ` +
      `Valid interfaces are ${driver.enabledInterfaces(kind).join(', ')}.`,
  );
}
