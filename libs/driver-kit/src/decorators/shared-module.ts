import 'reflect-metadata';
import { Module, type ModuleMetadata } from '@nestjs/common';
import { type Class, type ConcreteClass } from '../class.js';
import { ServiceSettings } from '../settings/service-settings.js';
import { type AnySettingsClass } from '../settings/settings.js';

const SHARED_MODULE = Symbol.for('ferrule.shared-module');

/** Options of `@SharedModule`. */
export interface SharedModuleOptions {
  /** Name of the package that has the module, from which the names of its settings follow. */
  readonly package: string;
  /**
   * Nest modules whose exported providers the module's own ones may inject.
   * @defaultValue none
   */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
  /** Nest providers, which driver modules that import this one may inject. */
  readonly providers: NonNullable<ModuleMetadata['providers']>;
  /**
   * The settings class of the package, which may then be injected, also by drivers that import the module.
   * @defaultValue no settings
   */
  readonly settings?: AnySettingsClass;
}

/** What the host reads of `@SharedModule`. */
export interface SharedModuleDeclaration extends SharedModuleOptions {
  /** `ServiceSettings` of the package's copy of the kit. */
  readonly serviceSettings: typeof ServiceSettings;
  readonly module: Class;
}

/**
 * Declares a Nest module that the modules of several driver packages import. Its providers are made once for all of
 * them, for example a pool of connections.
 */
export function SharedModule(options: SharedModuleOptions) {
  return (target: ConcreteClass): void => {
    const { imports = [] } = options;
    // An author in JavaScript may give anything, which the host refuses at the start.
    const providers = Array.isArray(options.providers) ? options.providers : [];
    const declaration: SharedModuleDeclaration = {
      ...options,
      serviceSettings: ServiceSettings,
      module: target,
    };
    Reflect.defineMetadata(SHARED_MODULE, declaration, target);
    Module({ imports, providers, exports: providers.flatMap(tokenOf) })(target);
  };
}

/** The options of `@SharedModule` on this class itself, not on a base class. */
export function sharedModuleOf(target: Class): SharedModuleDeclaration | undefined {
  return Reflect.getOwnMetadata(SHARED_MODULE, target) as SharedModuleDeclaration | undefined;
}

/** The shared modules among these imports, and among those of any module that is imported. */
export function sharedModulesIn(imports: readonly unknown[]): SharedModuleDeclaration[] {
  const seen = new Set<unknown>();
  const visit = (imported: unknown): SharedModuleDeclaration[] => {
    if (seen.has(imported)) return [];
    seen.add(imported);
    if (typeof imported === 'function') {
      const own = sharedModuleOf(imported as Class);
      return [...(own ? [own] : []), ...listOf(Reflect.getMetadata('imports', imported)).flatMap(visit)];
    }
    if (typeof imported !== 'object' || imported === null) return [];
    const { module, imports: further, forwardRef }: Record<string, unknown> = { ...imported };
    if (typeof forwardRef === 'function') return visit(Reflect.apply(forwardRef, undefined, []));
    return [module, ...listOf(further)].flatMap(visit);
  };
  return imports.flatMap(visit);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

type Provider = SharedModuleOptions['providers'][number];

function tokenOf(provider: Provider) {
  return typeof provider === 'object' ? [provider.provide] : [provider];
}
