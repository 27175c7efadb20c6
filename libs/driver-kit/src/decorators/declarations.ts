import { type DriverModuleDeclaration } from './driver-module.js';
import { type SharedModuleDeclaration, sharedModulesIn } from './shared-module.js';

/** What a package declares with its driver module or with a shared module. */
export type PackageDeclaration = Pick<SharedModuleDeclaration, 'package' | 'settings' | 'serviceSettings'>;

/** The declaration of a driver module, and those of the shared modules that it imports, also by way of other modules. */
export function declarationsOf(packageName: string, module: DriverModuleDeclaration): PackageDeclaration[] {
  return [{ ...module, package: packageName }, ...sharedModulesIn(module.imports ?? [])];
}
