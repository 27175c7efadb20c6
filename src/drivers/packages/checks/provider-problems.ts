import { type HardwareTypeOptions } from '@ferrule/driver-kit';
import {
  CLASS_KINDS,
  declarationsOf,
  type DriverModuleDeclaration,
  sharedModuleOf,
  sharedModulesIn,
} from '@ferrule/driver-kit/host';
import { type Provider, type Type } from '@nestjs/common';
import { hasEmittedTypes, type Parameter, parametersOf } from './constructor-parameters.js';
import { isClass } from './is-class.js';
import { isSettingsClass } from './is-settings-class.js';
import { type Lack, missingProviders } from './missing-providers.js';
import { located, type PackageProblem } from './package-problem.js';

/** A hardware type in the module of its package. */
export interface CheckedDriver {
  readonly from: { readonly package: string };
  readonly module: Type<object>;
  readonly hardwareType: Type<object>;
  readonly options: HardwareTypeOptions;
  readonly declared: DriverModuleDeclaration;
}

interface DriverModuleOf {
  readonly package: string;
  readonly module: Type<object>;
  /** Hardware types and interfaces. */
  readonly classes: readonly Type<object>[];
  readonly settings: readonly Provider[];
}

interface Need extends Parameter {
  readonly class: Type<object>;
}

const REMEDY =
  "which nothing provides; add it to the providers of the package's @DriverModule, or import a module that exports it";
const SETTINGS_REMEDY = "which nothing provides; name it as `settings` of the package's @DriverModule";

/** What the constructors of driver packages need and do not get. Nothing is constructed. */
export async function providerProblems(loaded: readonly CheckedDriver[]): Promise<PackageProblem[]> {
  const modules = new Map<Type<object>, CheckedDriver[]>();
  for (const driver of loaded) modules.set(driver.module, [...(modules.get(driver.module) ?? []), driver]);
  const problems: PackageProblem[] = [];
  for (const [module, drivers] of modules) {
    const hardwareTypes = drivers.map(({ options }) => options.name);
    const [name = ''] = drivers.map(({ from }) => from.package);
    const classes = drivers.flatMap(({ hardwareType, options }) => [
      hardwareType,
      ...CLASS_KINDS.flatMap(
        (kind): readonly (Type<object> | string)[] => options.interfaces[kind] ?? [],
      ).filter((each) => typeof each !== 'string'),
    ]);
    const texts = await textsOf({ package: name, module, classes, settings: settingsOf(drivers) });
    problems.push(...texts.map((text) => ({ package: name, hardwareTypes, text })));
  }
  return problems;
}

async function textsOf(driver: DriverModuleOf): Promise<string[]> {
  const needs = [...ownClasses(driver)].flatMap((each) =>
    parametersOf(each).map((parameter): Need => ({ ...parameter, class: each })),
  );
  const untyped = needs.flatMap((need) => untypedProblem(driver.package, need) ?? []);
  if (isClosed(driver, needs)) return untyped;
  const { missing, other } = await missingProviders(
    { module: driver.module, providers: [...new Set(driver.classes)] },
    driver.settings,
  );
  const lacking = missing
    .filter(({ token }) => isTyped(token))
    .flatMap((lack) => lackProblems(driver.package, lack, needs));
  const refused = other === undefined || untyped.length > 0 ? [] : [`Nest refuses it: ${other}`];
  const place = { package: driver.package, class: driver.module.name };
  return [...untyped, ...lacking, ...refused.map((problem) => located(place, problem))];
}

/** TypeScript writes Object for an interface, and Function for a class that is imported as a type. */
function isTyped(token: unknown): boolean {
  return token !== undefined && token !== Object && token !== Function;
}

/** A parameter whose class is not known at run time. */
function untypedProblem(name: string, { class: target, position, token }: Need): string | undefined {
  if (isTyped(token)) return undefined;
  const inject = `mark it with @Inject(…), in plain JavaScript Inject(…)(${target.name}, undefined, ${position - 1})`;
  const problem =
    token === undefined && !hasEmittedTypes(target)
      ? 'has no type at run time, so nothing can be injected; compile with tsc and "emitDecoratorMetadata": true ' +
        `(esbuild and tsx do not write types), or ${inject}`
      : 'has no class at run time; import its class without "type", and not from a file that imports this one, or ' +
        inject;
  return located(
    { package: name, class: target.name },
    `parameter ${position} of its constructor ${problem}`,
  );
}

/** All classes of the package that need what is missing, or the one that Nest found in another module. */
function lackProblems(name: string, { dependent, where, token }: Lack, needs: readonly Need[]): string[] {
  const own = needs.filter((need) => need.token === token);
  const places =
    own.length > 0
      ? own.map((need) => ({
          class: need.class.name,
          where: `parameter ${need.position} of its constructor`,
        }))
      : [{ class: dependent, where }];
  const remedy = isSettingsClass(token) ? SETTINGS_REMEDY : REMEDY;
  return places.map((place) =>
    located({ package: name, class: place.class }, `${place.where} needs ${textOf(token)}, ${remedy}`),
  );
}

/** Whether the module provides all that its classes need, as most do; then Nest need not be asked. */
function isClosed({ module, classes, settings }: DriverModuleOf, needs: readonly Need[]): boolean {
  const imports = listOf('imports', module);
  const shared = imports.filter(isClass).flatMap((each) => sharedModuleOf(each) ?? []);
  const providers = [...listOf('providers', module), ...shared.flatMap((each) => each.providers)];
  const known = new Set([...classes, ...providers, ...settings.map(tokenOf)]);
  const isPlain = providers.every((each) => isClass(each)) && imports.length === shared.length;
  return isPlain && needs.every(({ class: each, token }) => known.has(token) && !hasInjectedMembers(each));
}

function ownClasses({ module, classes }: DriverModuleOf): Set<Type<object>> {
  const shared = sharedModulesIn(listOf('imports', module)).flatMap(({ providers }) => providers);
  const made = [...listOf('providers', module), ...shared].map((each) =>
    typeof each === 'object' && each !== null && 'useClass' in each ? each.useClass : each,
  );
  return new Set([module, ...classes, ...made.filter(isClass)]);
}

/** The tokens of the settings that any class of the package may inject. */
function settingsOf(drivers: readonly CheckedDriver[]): Provider[] {
  const declarations = drivers.flatMap(({ from, declared }) => declarationsOf(from.package, declared));
  const tokens = declarations.flatMap(({ settings, serviceSettings }) => [serviceSettings, settings ?? []]);
  return [...new Set(tokens.flat())].map((provide) => ({ provide, useValue: {} }));
}

function tokenOf(provider: Provider): unknown {
  return typeof provider === 'object' ? provider.provide : provider;
}

function hasInjectedMembers(target: Type<object>): boolean {
  return Reflect.hasMetadata('self:properties_metadata', target);
}

function listOf(key: string, module: Type<object>): unknown[] {
  const list: unknown = Reflect.getMetadata(key, module);
  return Array.isArray(list) ? list : [];
}

function textOf(token: unknown): string {
  return typeof token === 'function' ? token.name : String(token);
}
