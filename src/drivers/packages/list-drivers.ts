import { periodicsOf, snakeName } from '@ferrule/driver-kit/host';
import { type Config } from '../../config/config.js';
import { availableDrivers } from './available-drivers.js';
import { composeDrivers, type Selection } from './composition.js';
import { interfaceClasses, loadedProblems } from './enabled-packages.js';
import { loadAll, type LoadedDriver } from './loader.js';
import { interfaceName } from '../methods/driver-interface.js';
import { periodicProblems } from './checks/option-problems.js';
import { merged, type PackageProblem } from './checks/package-problem.js';

/** A hardware type, or a package whose hardware types are unknown. */
export interface DriverListing {
  readonly name: string | null;
  readonly package: string;
  readonly version: string | null;
  readonly enabled: boolean;
  readonly problems: readonly string[];
}

/** A method with `@Periodic` of a hardware type. */
export interface PeriodicListing {
  readonly hardware_type: string;
  /** With the vendor interface: `acme.read_health`. */
  readonly method: string;
  readonly every: string;
  readonly scope: string;
  /** Null without a node. */
  readonly lock: string | null;
  readonly description: string | null;
}

export interface DriverListings {
  readonly drivers: readonly DriverListing[];
  readonly periodic: readonly PeriodicListing[];
  /** Why the service would not start with the enabled hardware types. */
  readonly reasons: readonly string[];
  /** All other problems. */
  readonly warnings: readonly string[];
}

/** Imports all installed packages, and makes the checks of the start. */
export async function listDrivers(settings: Selection & Pick<Config, 'driverRoot'>): Promise<DriverListings> {
  const installed = availableDrivers(settings.driverRoot);
  const { loaded, problems: failed } = await loadAll(installed.drivers);
  const problems = merged([...failed, ...(await loadedProblems(loaded)), ...installed.problems]);
  const isAnyEnabled = settings.enabledHardwareTypes.length > 0;
  // An operator who looks for names to enable need not have enabled any.
  const reasons = isAnyEnabled ? (await composeDrivers(installed, settings)).reasons : [];
  const listings = installed.drivers.map((driver) => ({
    name: driver.name,
    package: driver.package,
    version: driver.version,
    enabled: settings.enabledHardwareTypes.includes(driver.name),
    problems: textsOf(problems.filter((each) => concerns(each, driver))),
  }));
  const listed = new Set(listings.flatMap((listing) => listing.problems));
  const others = problems
    .filter(({ text }) => !listed.has(text))
    .map(({ package: name, hardwareTypes, text }) => ({
      name: hardwareTypes[0] ?? null,
      package: name,
      version: null,
      enabled: false,
      problems: [text],
    }));
  const warnings = textsOf(problems).filter((text) => !reasons.includes(text));
  return { drivers: [...listings, ...others], periodic: loaded.flatMap(periodicMethods), reasons, warnings };
}

function periodicMethods(driver: LoadedDriver): PeriodicListing[] {
  return interfaceClasses(driver, 'vendor').flatMap((vendorInterface) => {
    const right = periodicsOf(vendorInterface).filter((each) => periodicProblems(each).length === 0);
    return right.map(({ key, options }) => {
      const { every, scope, lock = 'exclusive', description = null } = options;
      return {
        hardware_type: driver.options.name,
        method: `${interfaceName('vendor', vendorInterface)}.${snakeName(key)}`,
        every,
        scope,
        lock: scope === 'node' ? lock : null,
        description,
      };
    });
  });
}

function concerns(
  problem: PackageProblem,
  driver: { readonly name: string; readonly package: string },
): boolean {
  return problem.package === driver.package && problem.hardwareTypes.includes(driver.name);
}

function textsOf(problems: readonly PackageProblem[]): string[] {
  return problems.map(({ text }) => text);
}
