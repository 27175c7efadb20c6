import { pathToFileURL } from 'node:url';
import { type HardwareTypeOptions, KIT_VERSION } from '@ferrule/driver-kit';
import { driverModuleOf, hardwareTypeOf } from '@ferrule/driver-kit/host';
import { type Type } from '@nestjs/common';
import { type AvailableDriver } from './driver-package.js';

/** A driver whose package was imported and declares what it should. */
export interface LoadedDriver {
  readonly from: AvailableDriver;
  /** The Nest module of the package. */
  readonly module: Type<object>;
  readonly hardwareType: Type<object>;
  readonly options: HardwareTypeOptions;
}

/** Why a driver cannot be loaded; the message is one reason among the others at boot. */
export class DriverLoadError extends Error {
  constructor(driver: AvailableDriver, reason: string, options?: ErrorOptions) {
    super(`Driver '${driver.name}' of package ${driver.package} cannot be loaded: ${reason}.`, options);
    this.name = 'DriverLoadError';
  }
}

/**
 * Imports the package of an available driver and finds the hardware type of that name in it.
 * @throws DriverLoadError
 */
export async function loadDriver(from: AvailableDriver): Promise<LoadedDriver> {
  if (from.problem) throw new DriverLoadError(from, from.problem);
  const module = await importModule(from);
  const declared = driverModuleOf(module);
  if (!declared) throw new DriverLoadError(from, 'its default export has no @DriverModule');
  const kit: number = declared.kit;
  if (kit !== KIT_VERSION) {
    throw new DriverLoadError(from, `it was written for kit ${kit}, this host has kit ${KIT_VERSION}`);
  }
  for (const hardwareType of declared.hardwareTypes) {
    const options = hardwareTypeOf(hardwareType);
    if (options?.name === from.name) return { from, module, hardwareType, options };
  }
  throw new DriverLoadError(from, `its module has no hardware type '${from.name}'`);
}

async function importModule(from: AvailableDriver): Promise<Type<object>> {
  let exported: unknown;
  try {
    exported = ((await import(pathToFileURL(from.file).href)) as { default?: unknown }).default;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new DriverLoadError(from, message.replace(/\.$/, ''), { cause: error });
  }
  if (isClass(exported)) return exported;
  throw new DriverLoadError(from, 'its default export is no class');
}

function isClass(value: unknown): value is Type<object> {
  return typeof value === 'function' && typeof value.prototype === 'object';
}
