import { availableDrivers } from './available-drivers.js';
import { loadAll } from './loader.js';

export interface DriverListing {
  readonly name: string;
  readonly package: string;
  readonly version: string;
  readonly enabled: boolean;
  readonly problem: string | null;
}

export async function listDrivers(settings: {
  readonly driverRoot: string | undefined;
  readonly enabledHardwareTypes: readonly string[];
}): Promise<DriverListing[]> {
  const drivers = availableDrivers(settings.driverRoot);
  const { failed } = await loadAll(drivers);
  const problems = new Map(failed.map(({ driver, message }) => [driver, message]));
  return drivers.map((driver) => ({
    name: driver.name,
    package: driver.package,
    version: driver.version,
    enabled: settings.enabledHardwareTypes.includes(driver.name),
    problem: problems.get(driver) ?? null,
  }));
}
