import { methodsOf } from '@ferrule/driver-kit/host';
import { type CataloguedMethod } from '../auth/policy/rules/catalogue.js';
import { PassthruMethod } from './methods/passthru-method.js';
import { type ComposedDriver } from './packages/composition.js';

/** The passthru methods of drivers, by the name of the driver. */
export function methodCatalogue(drivers: readonly ComposedDriver[]): Map<string, PassthruMethod[]> {
  return new Map(
    drivers.map(({ loaded, classes }) => [
      loaded.options.name,
      classes
        .filter(({ kind }) => kind === 'vendor')
        .flatMap(({ type }) => methodsOf(type).map((method) => new PassthruMethod(method))),
    ]),
  );
}

/** What rules may say about methods. */
export function policyCatalogue(drivers: readonly ComposedDriver[]): Map<string, CataloguedMethod[]> {
  return new Map(
    [...methodCatalogue(drivers)].map(([driver, methods]) => [
      driver,
      methods.map(({ name, argumentNames }) => ({ name, arguments: argumentNames })),
    ]),
  );
}
