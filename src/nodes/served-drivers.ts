import { type Roster, type Served } from '../conductors/roster/roster.js';
import { type ServedDriver } from '../conductors/roster/served-driver.js';
import { ConductorAbsent, NodeNotServed, NoConductor, NoValidHost } from './errors.js';

/** For a node that is created or changed. @throws NoValidHost (400), NoConductor (503) */
export function driverToSet(roster: Roster, driver: string, group: string): ServedDriver {
  assertAny(roster);
  const isServed = roster.hostsFor({ driver, group }).length > 0;
  const found = roster.driver(driver);
  if (found && isServed) return found;
  throw new NoValidHost(driver, group, namesOf(roster));
}

/** Whether a live conductor serves a stored node. @throws NodeNotServed (404), ConductorAbsent, NoConductor (503) */
export function assertServed(roster: Roster, node: { readonly uuid: string } & Served): void {
  if (roster.hostsFor(node).length > 0) return;
  assertAny(roster);
  if (roster.isAbsent(node)) throw new ConductorAbsent(node.driver, node);
  throw new NodeNotServed(node.uuid, node.driver, node.group, groupsOf(roster, node.driver));
}

function assertAny(roster: Roster): void {
  if (roster.isEmpty) throw new NoConductor();
}

function groupsOf(roster: Roster, driver: string): string[] {
  return roster.all.filter((each) => each.driver === driver).map(({ group }) => group);
}

function namesOf(roster: Roster): string[] {
  return roster.drivers().map(({ name }) => name);
}
