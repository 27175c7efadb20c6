import { pathToFileURL } from 'node:url';
import { type HardwareTypeOptions, KIT_VERSION } from '@ferrule/driver-kit';
import { type DriverModuleDeclaration, driverModuleOf, hardwareTypeOf } from '@ferrule/driver-kit/host';
import { type Type } from '@nestjs/common';
import { type AvailableDriver } from './driver-package.js';

export interface LoadedDriver {
  readonly from: AvailableDriver;
  readonly module: Type<object>;
  readonly hardwareType: Type<object>;
  readonly options: HardwareTypeOptions;
  readonly declared: DriverModuleDeclaration;
}

export class DriverLoadError extends Error {
  constructor(
    readonly driver: AvailableDriver,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`Driver '${driver.name}' of package ${driver.package} cannot be loaded: ${reason}.`, options);
    this.name = 'DriverLoadError';
  }
}

async function loadDriver(from: AvailableDriver): Promise<LoadedDriver> {
  if (from.problem) throw new DriverLoadError(from, from.problem);
  const module = await importModule(from);
  const declared = driverModuleOf(module);
  if (!declared) throw new DriverLoadError(from, 'its default export has no @DriverModule');
  const kit: number = declared.kit;
  if (kit !== KIT_VERSION) {
    throw new DriverLoadError(from, `it was written for kit ${kit}, this host has kit ${KIT_VERSION}`);
  }
  if (declared.settings !== undefined && !isSettingsClass(declared.settings)) {
    throw new DriverLoadError(from, 'its settings are not a class made with Settings()');
  }
  for (const hardwareType of declared.hardwareTypes) {
    const options = hardwareTypeOf(hardwareType);
    if (options?.name === from.name) return { from, module, hardwareType, options, declared };
  }
  throw new DriverLoadError(from, `its module has no hardware type '${from.name}'`);
}

async function importModule(from: AvailableDriver): Promise<Type<object>> {
  let exported = from.module;
  try {
    exported ??= ((await import(pathToFileURL(from.file).href)) as { default?: unknown }).default;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new DriverLoadError(from, message.replace(/\.$/, ''), { cause: error });
  }
  if (isClass(exported)) return exported;
  throw new DriverLoadError(from, 'its default export is not a class');
}

function isClass(value: unknown): value is Type<object> {
  return typeof value === 'function' && typeof value.prototype === 'object';
}

/** A package may be written in JavaScript. */
function isSettingsClass(settings: object): boolean {
  return (
    isClass(settings) &&
    'schema' in settings &&
    typeof settings.schema === 'object' &&
    settings.schema !== null &&
    'shape' in settings.schema
  );
}

export async function loadAll(
  available: readonly AvailableDriver[],
): Promise<{ readonly loaded: LoadedDriver[]; readonly failed: DriverLoadError[] }> {
  const loaded: LoadedDriver[] = [];
  const failed: DriverLoadError[] = [];
  for (const result of await Promise.allSettled(available.map(loadDriver))) {
    if (result.status === 'fulfilled') loaded.push(result.value);
    else if (result.reason instanceof DriverLoadError) failed.push(result.reason);
    else throw result.reason;
  }
  return { loaded, failed };
}
