import { type HttpMethod } from '@ferrule/driver-kit';
import { type PeriodicDeclaration } from '@ferrule/driver-kit/host';
import { milliseconds } from '@ferrule/driver-kit/plain';
import { type Driver } from '../drivers/driver.js';
import { type DriverRegistry } from '../drivers/driver.registry.js';
import { PassthruMethod } from '../drivers/methods/passthru-method.js';
import { type DriverInterface } from '../drivers/methods/driver-interface.js';

export const DEFAULT_TIMEOUT = '1h';

/** A periodic method of one enabled hardware type. */
export class PeriodicMethod {
  /** Of its row in the database. */
  readonly key: string;
  /** Milliseconds. */
  readonly interval: number;
  readonly scope: 'node' | 'driver';
  readonly httpMethod: HttpMethod;
  readonly method: PassthruMethod;

  constructor(
    readonly driver: Driver,
    readonly vendorInterface: DriverInterface,
    { key, options }: PeriodicDeclaration,
    group: string,
  ) {
    const { scope, lock = 'exclusive', timeout = DEFAULT_TIMEOUT, description = '' } = options;
    this.interval = milliseconds(options.every);
    this.scope = scope;
    this.httpMethod = scope === 'node' && lock === 'exclusive' ? 'POST' : 'GET';
    this.method = new PassthruMethod({
      scope,
      key,
      options: { http: [this.httpMethod], lock, timeout, description },
    });
    const name = `${driver.name}/${vendorInterface.name}.${this.method.name}`;
    this.key = group === '' ? name : `${name} of group ${group}`;
  }
}

/** @param group of the conductors, each of which has its own runs. */
export function periodicMethodsOf(registry: DriverRegistry, group: string): PeriodicMethod[] {
  return registry.names().flatMap((name) => {
    const driver = registry.get(name);
    return driver.enabledInterfaces('vendor').flatMap((each) => {
      const vendorInterface = driver.interface('vendor', each);
      return vendorInterface.periodics.map(
        (declaration) => new PeriodicMethod(driver, vendorInterface, declaration, group),
      );
    });
  });
}
