import { CLASS_KINDS, type ClassKind } from '@ferrule/driver-kit/host';
import { type Type } from '@nestjs/common';
import { nearest } from '../../text/nearest.js';
import { type AvailableDriver, type InstalledDrivers } from './driver-package.js';
import { interfaceProblems } from './checks/interface-problems.js';
import { loadAll, type LoadedDriver } from './loader.js';
import { merged, type PackageProblem } from './checks/package-problem.js';
import { providerProblems } from './checks/provider-problems.js';

export interface EnabledPackages {
  readonly loaded: readonly LoadedDriver[];
  readonly reasons: readonly string[];
  /** Of problems that affect no enabled hardware type, as far as they are known without loading its package. */
  readonly warnings: readonly string[];
}

const HOW_FOUND =
  'FERRULE_DRIVER_ROOT must name the folder of an application whose package.json has the driver among its ' +
  'dependencies, not the folder of the driver.';

export async function loadEnabled(
  { drivers: available, problems: unknowable }: InstalledDrivers,
  enabledHardwareTypes: readonly string[],
  mayHaveNone: boolean,
): Promise<EnabledPackages> {
  const isEnabled = (name: string) => enabledHardwareTypes.includes(name);
  const { loaded, problems } = await loadAll(available.filter(({ name }) => isEnabled(name)));
  const known = merged([
    ...(await missingTypes(available, enabledHardwareTypes)),
    ...problems,
    ...(await loadedProblems(loaded)),
    ...available.filter(({ name }) => !isEnabled(name)).flatMap(knownProblem),
  ]);
  const stops = known.filter(({ hardwareTypes }) => hardwareTypes.some(isEnabled));
  const others = known.filter((problem) => !stops.includes(problem));
  // A package that does not say what it provides may be the one that is missing.
  const isMissing = enabledHardwareTypes.some((name) => !available.some((each) => each.name === name));
  (isMissing ? stops : others).push(...unknowable);
  const reasons = stops.map(({ text }) => text);
  if (enabledHardwareTypes.length === 0 && !mayHaveNone) reasons.unshift(nothingEnabled(available));
  return { loaded, reasons, warnings: others.map(({ text }) => text) };
}

function knownProblem({ name, package: source, problem }: AvailableDriver): PackageProblem[] {
  return problem === undefined ? [] : [{ package: source, hardwareTypes: [name], text: problem }];
}

/** What the interfaces and constructors of loaded packages lack. */
export async function loadedProblems(loaded: readonly LoadedDriver[]): Promise<PackageProblem[]> {
  const ofInterfaces = loaded.flatMap((driver) =>
    CLASS_KINDS.flatMap((kind) => interfaceClasses(driver, kind).map((each) => ({ kind, each }))).flatMap(
      ({ kind, each }) =>
        interfaceProblems(driver.from.package, kind, each).map((text) => ({
          package: driver.from.package,
          hardwareTypes: [driver.options.name],
          text,
        })),
    ),
  );
  return merged([...ofInterfaces, ...(await providerProblems(loaded))]);
}

function nothingEnabled(available: readonly AvailableDriver[]): string {
  const names = available.map(({ name }) => name);
  return `No hardware type is enabled: name some in FERRULE_ENABLED_HARDWARE_TYPES. ${availableNames(names)}`;
}

/** Enabled types that no package.json names. The modules are asked too, since one may have forgotten it. */
async function missingTypes(
  available: readonly AvailableDriver[],
  enabledHardwareTypes: readonly string[],
): Promise<PackageProblem[]> {
  const names = available.map((driver) => driver.name);
  const missing = enabledHardwareTypes.filter((name) => !names.includes(name));
  if (missing.length === 0) return [];
  const { problems } = await loadAll(available);
  const forgotten = problems.filter(({ hardwareTypes }) =>
    missing.some((name) => hardwareTypes.includes(name)),
  );
  const nowhere = missing.filter(
    (name) => !forgotten.some(({ hardwareTypes }) => hardwareTypes.includes(name)),
  );
  if (nowhere.length === 0) return forgotten;
  const wrong = nowhere.map((name) => withGuess(name, names)).join(', ');
  const text = `No installed package has the hardware types ${wrong}. ${availableNames(names)} ${HOW_FOUND}`;
  return [{ package: '', hardwareTypes: nowhere, text }, ...forgotten];
}

/** The interfaces of a kind that are more than names. */
export function interfaceClasses(
  { options }: Pick<LoadedDriver, 'options'>,
  kind: ClassKind,
): readonly Type<object>[] {
  const listed: readonly (Type<object> | string)[] = options.interfaces[kind] ?? [];
  return listed.filter((each) => typeof each !== 'string');
}

function withGuess(name: string, names: readonly string[]): string {
  const similar = nearest(name, names);
  return similar === undefined ? name : `${name} (did you mean ${similar}?)`;
}

/** For the end of a message about a name that does not exist. */
export function availableNames(names: readonly string[]): string {
  return names.length > 0 ? `Available: ${[...new Set(names)].join(', ')}.` : 'None is available.';
}
