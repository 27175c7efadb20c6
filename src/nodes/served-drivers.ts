import { type Roster, type Served } from '../conductors/roster.js';
import { type ServedDriver } from '../conductors/served-driver.js';
import { NodeNotServed, NoConductor, NoValidHost } from './errors.js';

/** For a node that is created or changed. @throws NoValidHost (400), NoConductor (503) */
export function driverToSet(roster: Roster, driver: string, group: string): ServedDriver {
  assertAny(roster);
  const isServed = roster.hostsFor({ driver, group }).length > 0;
  const found = roster.driver(driver);
  if (found && isServed) return found;
  throw new NoValidHost(driver, group, namesOf(roster));
}

/** Whether a live conductor serves a stored node. @throws NodeNotServed (404), NoConductor (503) */
export function assertServed(roster: Roster, node: { readonly uuid: string } & Served): void {
  if (roster.hostsFor(node).length > 0) return;
  assertAny(roster);
  throw new NodeNotServed(node.uuid, node.driver, node.group, namesOf(roster));
}

function assertAny(roster: Roster): void {
  if (roster.isEmpty) throw new NoConductor();
}

function namesOf(roster: Roster): string[] {
  return roster.drivers().map(({ name }) => name);
}
