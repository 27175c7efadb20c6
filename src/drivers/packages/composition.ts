import { INTERFACE_KINDS, type InterfaceKind } from '@ferrule/driver-kit';
import { CLASS_KINDS, type ClassKind } from '@ferrule/driver-kit/host';
import { type Type } from '@nestjs/common';
import { type Config } from '../../config/config.js';
import { type AvailableDriver, type InstalledDrivers } from './driver-package.js';
import { UNNAMED_INTERFACE } from '../methods/interface-defaults.js';
import { availableNames, interfaceClasses, loadEnabled } from './enabled-packages.js';
import { loadAll, type LoadedDriver } from './loader.js';
import { interfaceName } from '../methods/driver-interface.js';

export type Selection = Pick<Config, 'enabledHardwareTypes' | 'interfaces'>;

export interface InterfaceClass {
  readonly kind: ClassKind;
  readonly name: string;
  readonly type: Type<object>;
}

export interface ComposedDriver {
  readonly loaded: LoadedDriver;
  /** Enabled and supported, in the hardware type's order. */
  readonly enabled: Readonly<Record<InterfaceKind, readonly string[]>>;
  readonly defaults: Readonly<Record<InterfaceKind, string>>;
  /** Of the enabled interfaces that are more than names. */
  readonly classes: readonly InterfaceClass[];
}

export interface Composition {
  readonly loaded: readonly LoadedDriver[];
  readonly drivers: readonly ComposedDriver[];
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Without a driver only if `mayHaveNone`. @returns `reasons` stop the start; `warnings` affect no enabled hardware
 * type.
 */
export async function composeDrivers(
  installed: InstalledDrivers,
  settings: Selection,
  { mayHaveNone = false } = {},
): Promise<Composition> {
  const { enabledHardwareTypes: names } = settings;
  const { loaded, reasons, warnings } = await loadEnabled(installed, names, mayHaveNone);
  const further = [...rivals(loaded), ...(await unknownInterfaces(installed.drivers, loaded, settings))];
  const composed: ComposedDriver[] = [];
  for (const driver of loaded) {
    const result = compose(driver, settings);
    if ('reasons' in result) further.push(...result.reasons);
    else composed.push(result);
  }
  return { loaded, drivers: composed, reasons: [...reasons, ...further], warnings };
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
    classes: classesOf(loaded).filter(({ kind, name }) => enabled[kind]?.includes(name)),
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
      return unknown.map((name) => `There is no ${kind} interface '${name}'. ${availableNames([...known])}`);
    });
  if (unknownAmong(loaded).length === 0) return [];
  const rest = available.filter((driver) => !loaded.some((each) => each.from === driver));
  return unknownAmong([...loaded, ...(await loadAll(rest)).loaded]);
}

function classesOf(driver: LoadedDriver): InterfaceClass[] {
  return CLASS_KINDS.flatMap((kind) =>
    interfaceClasses(driver, kind).map((type) => ({ kind, name: interfaceName(kind, type), type })),
  );
}

/** Two classes with one name would make `vendor_interface` ambiguous; what other kinds can do does not depend on the class. */
function rivals(loaded: readonly LoadedDriver[]): string[] {
  const byName = new Map<string, Map<Type<object>, string>>();
  for (const driver of loaded) {
    for (const each of interfaceClasses(driver, 'vendor')) {
      const name = interfaceName('vendor', each);
      // Every copy of the kit has its own class for the interface without methods.
      if (name === UNNAMED_INTERFACE.vendor) continue;
      const classes = byName.get(name) ?? new Map<Type<object>, string>();
      byName.set(name, classes.set(each, `${each.name} of package ${driver.from.package}`));
    }
  }
  return [...byName]
    .filter(([, classes]) => classes.size > 1)
    .map(
      ([name, classes]) =>
        `Several classes declare the vendor interface '${name}': ${[...classes.values()].join(', ')}.`,
    );
}

function supportedNames(driver: LoadedDriver, kind: InterfaceKind): readonly string[] {
  const listed: readonly (Type<object> | string)[] = driver.options.interfaces[kind] ?? [
    UNNAMED_INTERFACE[kind],
  ];
  const classes = classesOf(driver).filter((each) => each.kind === kind);
  return listed.map((each) =>
    typeof each === 'string' ? each : (classes.find(({ type }) => type === each)?.name ?? each.name),
  );
}
