import { INTERFACE_KINDS, type InterfaceKind } from '@ferrule/driver-kit';
import { type ServedDriver } from '../conductors/roster/served-driver.js';
import { type Link, linkPair } from '../http/links.js';

/** N of the 1.N that introduced the interface kind on drivers. */
const KIND_SINCE: Readonly<Record<InterfaceKind, number>> = {
  bios: 40,
  boot: 30,
  console: 30,
  deploy: 30,
  firmware: 86,
  inspect: 30,
  management: 30,
  network: 30,
  power: 30,
  raid: 30,
  rescue: 38,
  storage: 33,
  vendor: 30,
};

/** With N of the 1.N that introduced each field. */
export const DRIVER_FIELDS: ReadonlyMap<string, number> = new Map([
  ['name', 1],
  ['hosts', 1],
  ['links', 1],
  ['properties', 14],
  ['type', 30],
  ...INTERFACE_KINDS.flatMap((kind) => [
    [`default_${kind}_interface`, KIND_SINCE[kind]] as const,
    [`enabled_${kind}_interfaces`, KIND_SINCE[kind]] as const,
  ]),
]);

export type DriverView = Readonly<Record<string, string | readonly string[] | readonly Link[]>>;

export interface DriverViewOptions {
  readonly base: string;
  readonly microversion: number;
  readonly fields: readonly string[] | undefined;
  /** Whether interfaces are shown; implied by fields that name some. */
  readonly isDetailed: boolean;
}

export function driverView(driver: ServedDriver, options: DriverViewOptions): DriverView {
  const { fields, microversion, isDetailed, base } = options;
  const isShown = (field: string) =>
    (DRIVER_FIELDS.get(field) ?? Infinity) <= microversion &&
    (!fields || field === 'links' || fields.includes(field));
  const all: [string, DriverView[string]][] = [
    ['name', driver.name],
    ['hosts', driver.hosts],
    ['links', linkPair(base, `drivers/${driver.name}`)],
    ['properties', linkPair(base, `drivers/${driver.name}/properties`)],
    ['type', 'dynamic'],
  ];
  if (isDetailed || fields) {
    for (const kind of INTERFACE_KINDS) {
      all.push([`default_${kind}_interface`, driver.defaultInterface(kind)]);
      all.push([`enabled_${kind}_interfaces`, driver.enabledInterfaces(kind)]);
    }
  }
  return Object.fromEntries(all.filter(([field]) => isShown(field)));
}
