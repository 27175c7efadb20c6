import { INTERFACE_KINDS, type InterfaceKind, isJsonObject } from '@ferrule/driver-kit';
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

/** The interface of one kind that `instance_info` gives a deployed node in place of its own. */
export function overridingInterface(instanceInfo: unknown, kind: InterfaceKind): string | undefined {
  const value = isJsonObject(instanceInfo) ? instanceInfo[interfaceField(kind)] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/**
 * The interfaces of a node, checked and completed as its driver loads it: a kind that neither the node nor
 * its `instance_info` names gets the driver's default, and stays null where only `instance_info` names it.
 * @param named what the node names, null for nothing.
 * @throws InvalidParameterValue (400) for what the driver does not have.
 */
export function completeInterfaces(
  driver: Driver,
  instanceInfo: unknown,
  named: (field: InterfaceField) => unknown,
): Map<InterfaceField, string | null> {
  const interfaces = new Map<InterfaceField, string | null>();
  for (const [kind, field] of INTERFACE_FIELDS) {
    const override = isJsonObject(instanceInfo) ? (instanceInfo[field] ?? null) : null;
    const own = named(field);
    for (const name of [override, own]) if (name !== null) driver.assertSupports(kind, nameOf(name));
    if (own !== null) interfaces.set(field, nameOf(own));
    else interfaces.set(field, override === null ? driver.defaultInterface(kind) : null);
  }
  return interfaces;
}

/** Anything but a text names no interface, and the message shows it. */
function nameOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
