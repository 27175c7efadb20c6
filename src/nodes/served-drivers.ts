import { type Driver } from '../drivers/driver.js';
import { type DriverRegistry } from '../drivers/driver.registry.js';
import { NodeNotServed, NoValidHost } from './errors.js';

/** The only conductor group that this service serves. */
const DEFAULT_GROUP = '';

export function conductorOf(drivers: DriverRegistry, driver: string, group: string): string | null {
  return group === DEFAULT_GROUP && drivers.find(driver) ? (drivers.hosts[0] ?? null) : null;
}

/** For a node that is created or changed. @throws NoValidHost (400) */
export function driverToSet(drivers: DriverRegistry, name: string, group: string): Driver {
  const driver = drivers.find(name);
  if (driver && group === DEFAULT_GROUP) return driver;
  throw new NoValidHost(name, group, drivers.names());
}

/** Of a stored node. @throws NodeNotServed (404) */
export function driverOfNode(
  drivers: DriverRegistry,
  node: { readonly uuid: string; readonly driver: string },
): Driver {
  const driver = drivers.find(node.driver);
  if (driver) return driver;
  throw new NodeNotServed(node.uuid, node.driver, drivers.names());
}
