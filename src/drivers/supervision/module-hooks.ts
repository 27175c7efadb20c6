import { sharedModuleOf } from '@ferrule/driver-kit/host';
import { Logger, type Type } from '@nestjs/common';
import { type ModulesContainer } from '@nestjs/core';
import { StartError } from '../../config/start-error.js';
import { type Lifecycle } from '../../lifecycle/lifecycle.js';
import { withLimit } from '../../waiting/with-limit.js';
import { messageOf } from '../execution/method-errors.js';
import { stackOf } from '../execution/method-failure.js';
import { type LoadedDriver } from '../packages/loader.js';
import { located } from '../packages/checks/package-problem.js';
import { redactSettings } from '../../secrets/redact.js';

const START = ['onModuleInit', 'onApplicationBootstrap'];
const END = ['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown'];

/** Milliseconds that one hook may take. */
const LIMIT = 30_000;

const logger = new Logger('DriverHooks');

interface Hook {
  readonly owner: object;
  readonly name: string;
  readonly package: string;
  readonly work: (...args: readonly unknown[]) => Promise<unknown>;
}

/**
 * Nest's hooks of driver modules, and of the modules that they import, get time limits. A failure at the start names
 * the package; one at the end is logged, so that the others still run.
 */
export function guardHooks(
  modules: ModulesContainer,
  drivers: readonly {
    readonly loaded: Pick<LoadedDriver, 'module'> & { readonly from: { package: string } };
  }[],
  lifecycle: Pick<Lifecycle, 'left'>,
  limit = LIMIT,
): void {
  const guarded = new Set<object>();
  for (const { loaded } of drivers) {
    for (const [owner, source] of instancesOf(modules, loaded.module, loaded.from.package)) {
      if (guarded.has(owner) || !Object.isExtensible(owner)) continue;
      guarded.add(owner);
      for (const hook of hooksOf(owner, source, START)) replace(hook, () => begin(hook, limit));
      for (const hook of hooksOf(owner, source, END)) {
        replace(hook, (args) => end(hook, args, Math.min(limit, lifecycle.left.closing)));
      }
    }
  }
}

/**
 * The providers of a module and of those that it imports, without those of global modules, as the service has.
 * @returns each with its package: a shared module has its own.
 */
function instancesOf(
  modules: ModulesContainer,
  module: Type<object>,
  packageName: string,
): Map<object, string> {
  type NestModule = typeof modules extends Map<string, infer M> ? M : never;
  const seen = new Set<NestModule>();
  const instances = new Map<object, string>();
  const visit = (each: NestModule, importer: string): void => {
    if (seen.has(each)) return;
    seen.add(each);
    const source = sharedModuleOf(each.metatype)?.package ?? importer;
    for (const { instance } of each.providers.values()) {
      if (typeof instance === 'object' && instance !== null) instances.set(instance, source);
    }
    for (const imported of each.imports) if (!imported.isGlobal) visit(imported, source);
  };
  for (const each of modules.values()) if (each.metatype === module) visit(each, packageName);
  return instances;
}

function hooksOf(owner: object, name: string, names: readonly string[]): Hook[] {
  return names.flatMap((hook) => {
    const method: unknown = Reflect.get(owner, hook);
    if (typeof method !== 'function') return [];
    const work = async (...args: readonly unknown[]): Promise<unknown> => Reflect.apply(method, owner, args);
    return [{ owner, name: hook, package: name, work }];
  });
}

function replace({ owner, name }: Hook, value: (args: readonly unknown[]) => Promise<void>): void {
  const run = (...args: readonly unknown[]): Promise<void> => value(args);
  Object.defineProperty(owner, name, { value: run, configurable: true, writable: true });
}

async function begin(hook: Hook, limit: number): Promise<void> {
  try {
    await withLimit(hook.work(), limit, lateText(limit));
  } catch (error) {
    throw new StartError(failureOf(hook, error), { cause: error });
  }
}

async function end(hook: Hook, args: readonly unknown[], limit: number): Promise<void> {
  try {
    await withLimit(hook.work(...args), limit, lateText(limit));
  } catch (error) {
    logger.error(failureOf(hook, error), stackOf(error, redactSettings));
  }
}

function lateText(limit: number): string {
  return `it did not end within ${Math.round(limit / 100) / 10} s`;
}

function failureOf({ owner, name, package: source }: Hook, error: unknown): string {
  const place = { package: source, class: owner.constructor.name };
  return located(place, `its ${name} failed: ${redactSettings(messageOf(error))}`);
}
