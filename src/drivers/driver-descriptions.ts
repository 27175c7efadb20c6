import { INTERFACE_KINDS, type InterfaceKind } from '@ferrule/driver-kit';
import { methodsOf } from '@ferrule/driver-kit/host';
import { type z } from 'zod';
import { type DescribedDriver, type DescribedMethod } from '../conductors/roster/described-driver.js';
import { PassthruMethod } from './methods/passthru-method.js';
import { type ComposedDriver } from './packages/composition.js';

/** The descriptions of the keys of `driver_info`. */
export function propertiesOf({ loaded }: ComposedDriver): Readonly<Record<string, string>> {
  const shape: Readonly<Record<string, z.core.$ZodType & { description?: string | undefined }>> =
    loaded.options.driverInfo?.shape ?? {};
  return Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, schema.description ?? '']));
}

/** What other processes are told of drivers. */
export function driverDescriptions(drivers: readonly ComposedDriver[]): DescribedDriver[] {
  return drivers.map((driver) => ({
    name: driver.loaded.options.name,
    properties: propertiesOf(driver),
    methods: methodsIn(driver),
    interfaces: recordOf((kind) => ({ enabled: driver.enabled[kind], default: driver.defaults[kind] })),
  }));
}

function methodsIn({ classes }: ComposedDriver): DescribedMethod[] {
  const vendor = classes.filter(({ kind }) => kind === 'vendor');
  return vendor.flatMap((each) =>
    methodsOf(each.type).map((declaration) => {
      const { scope, name, isAsync, isExclusive, effect, timeout } = new PassthruMethod(declaration);
      return { interface: each.name, scope, name, isAsync, isExclusive, effect, timeout };
    }),
  );
}

function recordOf<T>(valueOf: (kind: InterfaceKind) => T): Record<InterfaceKind, T> {
  return Object.fromEntries(INTERFACE_KINDS.map((kind) => [kind, valueOf(kind)])) as Record<InterfaceKind, T>;
}
