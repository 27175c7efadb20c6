import { type AvailableDriver } from './driver-package.js';
import { availableDrivers } from './available-drivers.js';
import { loadDriver } from './loader.js';

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
  return Promise.all(
    drivers.map(async (driver) => ({
      name: driver.name,
      package: driver.package,
      version: driver.version,
      enabled: settings.enabledHardwareTypes.includes(driver.name),
      problem: await problemOf(driver),
    })),
  );
}

async function problemOf(driver: AvailableDriver): Promise<string | null> {
  try {
    await loadDriver(driver);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
