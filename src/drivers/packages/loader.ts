import { type HardwareTypeOptions, KIT_VERSION } from '@ferrule/driver-kit';
import {
  type DriverModuleDeclaration,
  driverModuleOf,
  hardwareTypeOf,
  sharedModulesIn,
} from '@ferrule/driver-kit/host';
import { type Type } from '@nestjs/common';
import { reasonOf } from '../../logging/reason-of.js';
import { hardwareTypeProblems, moduleProblems, sharedModuleProblems } from './checks/declaration-problems.js';
import { type AvailableDriver } from './driver-package.js';
import { importModule } from './import-module.js';
import { located, merged, type PackageProblem, type ProblemPlace } from './checks/package-problem.js';

export interface LoadedDriver {
  readonly from: AvailableDriver;
  readonly module: Type<object>;
  readonly hardwareType: Type<object>;
  readonly options: HardwareTypeOptions;
  readonly declared: DriverModuleDeclaration;
}

export interface Loading {
  readonly loaded: readonly LoadedDriver[];
  readonly problems: readonly PackageProblem[];
}

/** Imports every file once. A problem of a file is one of all hardware types that it should have. */
export async function loadAll(available: readonly AvailableDriver[]): Promise<Loading> {
  const byModule = new Map<unknown, AvailableDriver[]>();
  const problems: PackageProblem[] = [];
  for (const driver of available) {
    if (driver.problem !== undefined) problems.push(problemOf([driver], driver.problem));
    else {
      const key = driver.module ?? driver.file;
      byModule.set(key, [...(byModule.get(key) ?? []), driver]);
    }
  }
  const loadings = await Promise.all([...byModule.values()].map(loadFile));
  return {
    loaded: loadings.flatMap(({ loaded }) => loaded),
    problems: merged([...problems, ...loadings.flatMap((loading) => loading.problems)]),
  };
}

async function loadFile(drivers: readonly AvailableDriver[]): Promise<Loading> {
  const [first] = drivers;
  if (first === undefined) return { loaded: [], problems: [] };
  const refused = (problem: string, place: Omit<ProblemPlace, 'package'> = {}): Loading => ({
    loaded: [],
    problems: [problemOf(drivers, located({ ...place, package: first.package }, problem))],
  });
  let module: Type<object>;
  try {
    module = await importModule(first);
  } catch (error) {
    return refused(error instanceof Error ? error.message : reasonOf(error));
  }
  const declared = driverModuleOf(module);
  if (!declared) return refused('it is the default export, but has no @DriverModule', { class: module.name });
  // First, because another kit may have other options.
  const kit: number = declared.kit;
  if (kit !== KIT_VERSION)
    return refused(
      `it was written for kit ${kit}, this host has kit ${KIT_VERSION}; install a version of the package for kit ${KIT_VERSION}`,
    );
  const { problems, isReadable } = moduleProblems(declared);
  const place = { package: first.package, class: module.name };
  const own = problems.map((text) => problemOf(drivers, located(place, text)));
  if (!isReadable) return { loaded: [], problems: own };
  for (const shared of sharedModulesIn(declared.imports ?? [])) {
    const wrong = sharedModuleProblems(shared);
    const sharedPlace = { package: first.package, class: shared.module.name };
    own.push(...wrong.problems.map((text) => problemOf(drivers, located(sharedPlace, text))));
    if (!wrong.isReadable) return { loaded: [], problems: own };
  }
  const types = typesOf(module, declared, drivers, first);
  return { loaded: types.loaded, problems: [...own, ...types.problems] };
}

/** Compares the hardware types of a module with those that the package.json says it has. */
function typesOf(
  module: Type<object>,
  declared: DriverModuleDeclaration,
  drivers: readonly AvailableDriver[],
  { package: name, file, siblings }: AvailableDriver,
): Loading {
  const loaded: LoadedDriver[] = [];
  const problems: PackageProblem[] = [];
  const present = new Set<string>();
  for (const hardwareType of declared.hardwareTypes) {
    const options = hardwareTypeOf(hardwareType);
    const place = { package: name, class: hardwareType.name };
    const wrong = hardwareTypeProblems(hardwareType);
    const type = options?.name;
    const named = drivers.filter((driver) => type === undefined || driver.name === type);
    problems.push(...wrong.problems.map((text) => problemOf(named, located(place, text))));
    if (options === undefined || type === undefined) continue;
    present.add(type);
    if (wrong.isReadable) {
      loaded.push(...named.map((from) => ({ from, module, hardwareType, options, declared })));
    }
    if (!siblings.includes(type)) {
      const text = `hardware type '${type}' is not in "ferrule.drivers" of package.json, so it cannot be enabled; add it`;
      problems.push({ package: name, hardwareTypes: [type], text: located(place, text) });
    }
  }
  for (const from of drivers.filter((driver) => !present.has(driver.name))) {
    const has = [...present].join(', ') || 'none';
    const text = `package.json has the hardware type '${from.name}', but its module ${file} does not; that has: ${has}`;
    problems.push(problemOf([from], located({ package: name }, text)));
  }
  return { loaded, problems };
}

function problemOf(drivers: readonly AvailableDriver[], text: string): PackageProblem {
  return { package: drivers[0]?.package ?? '', hardwareTypes: drivers.map(({ name }) => name), text };
}
