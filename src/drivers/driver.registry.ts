import { type Driver } from './driver.js';
import { DriverUnknown } from './errors.js';

/** The drivers of this process. */
export class DriverRegistry {
  private readonly drivers: ReadonlyMap<string, Driver>;

  constructor(drivers: readonly Driver[]) {
    const sorted = [...drivers].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.drivers = new Map(sorted.map((driver) => [driver.name, driver]));
  }

  names(): string[] {
    return [...this.drivers.keys()];
  }

  find(name: string): Driver | undefined {
    return this.drivers.get(name);
  }

  get(name: string): Driver {
    const driver = this.drivers.get(name);
    if (driver) return driver;
    throw new DriverUnknown(name);
  }
}
