import { type Config } from '../../config/config.js';
import { availableDrivers } from './available-drivers.js';
import { composeDrivers, type Selection } from './composition.js';
import { loadedProblems } from './enabled-packages.js';
import { loadAll } from './loader.js';
import { merged, type PackageProblem } from './checks/package-problem.js';

/** A hardware type, or a package whose hardware types are unknown. */
export interface DriverListing {
  readonly name: string | null;
  readonly package: string;
  readonly version: string | null;
  readonly enabled: boolean;
  readonly problems: readonly string[];
}

export interface DriverListings {
  readonly drivers: readonly DriverListing[];
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
  // Who looks for names to enable need not have enabled any.
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
  return { drivers: [...listings, ...others], reasons, warnings };
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
