import { INTERFACE_KINDS, type InterfaceKind } from '@ferrule/driver-kit';
import { type Type } from '@nestjs/common';
import { type Config } from '../../config/config.js';
import { nearest } from '../../text/nearest.js';
import { type AvailableDriver } from './driver-package.js';
import { UNNAMED_INTERFACE } from '../interface-defaults.js';
import { interfaceProblems } from './interface-problems.js';
import { loadAll, type LoadedDriver } from './loader.js';
import { interfaceName } from '../vendor-interface.js';

export type Selection = Pick<Config, 'enabledHardwareTypes' | 'interfaces'>;

export interface ComposedDriver {
  readonly loaded: LoadedDriver;
  /** Enabled and supported, in the hardware type's order. */
  readonly enabled: Readonly<Record<InterfaceKind, readonly string[]>>;
  readonly defaults: Readonly<Record<InterfaceKind, string>>;
  readonly vendorInterfaces: readonly Type<object>[];
}

export interface Composition {
  readonly loaded: readonly LoadedDriver[];
  readonly drivers: readonly ComposedDriver[];
  readonly reasons: readonly string[];
}

const HOW_FOUND =
  'FERRULE_DRIVER_ROOT must name the folder of an application whose package.json has the driver among its ' +
  'dependencies, not the folder of the driver.';

export async function composeDrivers(
  available: readonly AvailableDriver[],
  settings: Selection,
): Promise<Composition> {
  const { loaded, reasons } = await loadEnabled(available, settings);
  reasons.push(...[...new Set(loaded.flatMap(vendorClasses))].flatMap(interfaceProblems), ...rivals(loaded));
  reasons.push(...(await unknownInterfaces(available, loaded, settings)));
  const composed: ComposedDriver[] = [];
  for (const driver of loaded) {
    const result = compose(driver, settings);
    if ('reasons' in result) reasons.push(...result.reasons);
    else composed.push(result);
  }
  return { loaded, drivers: composed, reasons };
}

async function loadEnabled(available: readonly AvailableDriver[], { enabledHardwareTypes }: Selection) {
  const names = available.map((driver) => driver.name);
  const { loaded, failed } = await loadAll(
    available.filter(({ name }) => enabledHardwareTypes.includes(name)),
  );
  const reasons: string[] = [];
  if (enabledHardwareTypes.length === 0) {
    reasons.push(`No hardware type is enabled: name some in FERRULE_ENABLED_HARDWARE_TYPES. ${list(names)}`);
  }
  const missing = enabledHardwareTypes.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const wrong = missing.map((name) => withGuess(name, names)).join(', ');
    reasons.push(`No installed package has the hardware types ${wrong}. ${list(names)} ${HOW_FOUND}`);
  }
  return { loaded, reasons: [...reasons, ...failed.map(({ message }) => message)] };
}

function compose(loaded: LoadedDriver, settings: Selection): ComposedDriver | { reasons: string[] } {
  const reasons: string[] = [];
  const enabled: Partial<Record<InterfaceKind, readonly string[]>> = {};
  const defaults: Partial<Record<InterfaceKind, string>> = {};
  for (const kind of INTERFACE_KINDS) {
    const supported = supportedNames(loaded, kind);
    const { enabled: wanted, default: preferred } = settings.interfaces[kind];
    const usable = wanted ? supported.filter((name) => wanted.includes(name)) : supported;
    enabled[kind] = usable;
    defaults[kind] = preferred ?? usable[0] ?? '';
    const problem = problemOf(kind, usable, supported, preferred);
    if (problem) reasons.push(`Hardware type '${loaded.options.name}' ${problem}`);
  }
  if (reasons.length > 0) return { reasons };
  return {
    loaded,
    enabled: enabled as ComposedDriver['enabled'],
    defaults: defaults as ComposedDriver['defaults'],
    vendorInterfaces: vendorClasses(loaded).filter((each) => enabled.vendor?.includes(interfaceName(each))),
  };
}

function problemOf(
  kind: InterfaceKind,
  usable: readonly string[],
  supported: readonly string[],
  preferred: string | undefined,
): string | undefined {
  const key = `FERRULE_DEFAULT_${kind.toUpperCase()}_INTERFACE`;
  if (preferred !== undefined && !supported.includes(preferred)) {
    return `does not support the ${kind} interface '${preferred}' that ${key} names; it supports: ${supported.join(', ')}.`;
  }
  if (preferred !== undefined && !usable.includes(preferred)) {
    return `has no ${kind} interface '${preferred}', which ${key} names: it is not enabled.`;
  }
  if (usable.length === 0) {
    return `has no enabled ${kind} interface; it supports: ${supported.join(', ')}.`;
  }
  return undefined;
}

/** An enabled interface that only disabled types support is allowed; an unknown one is not. */
async function unknownInterfaces(
  available: readonly AvailableDriver[],
  loaded: readonly LoadedDriver[],
  settings: Selection,
): Promise<string[]> {
  const unknownAmong = (drivers: readonly LoadedDriver[]) =>
    INTERFACE_KINDS.flatMap((kind) => {
      const known = new Set(drivers.flatMap((driver) => supportedNames(driver, kind)));
      known.add(UNNAMED_INTERFACE[kind]);
      const unknown = (settings.interfaces[kind].enabled ?? []).filter((name) => !known.has(name));
      return unknown.map((name) => `There is no ${kind} interface '${name}'. ${list([...known])}`);
    });
  if (unknownAmong(loaded).length === 0) return [];
  const rest = available.filter((driver) => !loaded.some((each) => each.from === driver));
  return unknownAmong([...loaded, ...(await loadAll(rest)).loaded]);
}

/** Two classes with one name would make `vendor_interface` ambiguous. */
function rivals(loaded: readonly LoadedDriver[]): string[] {
  const byName = new Map<string, Type<object>>();
  const twice = new Set<string>();
  for (const each of new Set(loaded.flatMap(vendorClasses))) {
    const name = interfaceName(each);
    // Every copy of the kit has its own class for the interface without methods.
    if (byName.has(name) && name !== UNNAMED_INTERFACE.vendor) twice.add(name);
    byName.set(name, each);
  }
  return [...twice].map((name) => `Two different classes declare the vendor interface '${name}'.`);
}

function supportedNames(driver: LoadedDriver, kind: InterfaceKind): readonly string[] {
  if (kind === 'vendor') return vendorClasses(driver).map(interfaceName);
  return driver.options.interfaces[kind] ?? [UNNAMED_INTERFACE[kind]];
}

function vendorClasses(driver: LoadedDriver): readonly Type<object>[] {
  return driver.options.interfaces.vendor;
}

function withGuess(name: string, names: readonly string[]): string {
  const similar = nearest(name, names);
  return similar === undefined ? name : `${name} (did you mean ${similar}?)`;
}

function list(names: readonly string[]): string {
  return names.length > 0 ? `Available: ${names.join(', ')}.` : 'None is available.';
}
