import { UnknownDependenciesException } from '@nestjs/core/errors/exceptions/unknown-dependencies.exception.js';
import { StartError } from '../config/start-error.js';
import { type Setup } from '../setup.js';

/** Nest's error about a provider that a driver package lacks, in plain words; any other error as it is. */
export function explainComposition(error: unknown, { drivers }: Setup): unknown {
  if (!(error instanceof UnknownDependenciesException)) return error;
  const { type, context } = error;
  const needing = textOf(type);
  const owner = drivers.find(({ loaded, vendorInterfaces }) =>
    [loaded.hardwareType, ...vendorInterfaces, ...providersOf(loaded.module)].some(
      (each) => textOf(each) === needing,
    ),
  );
  if (!owner) return error;
  const { package: name } = owner.loaded.from;
  const { index = 0, dependencies = [] } = context;
  const needed: unknown = context.name ?? dependencies[index];
  const problem =
    needed === undefined || needed === Object
      ? `parameter ${index + 1} of its constructor has no class at run time; import the class without "type"`
      : `it needs ${textOf(needed)}, which nothing provides; add it to the providers of the package's ` +
        '@DriverModule, or import a module that exports it';
  return new StartError(`${needing} of driver package ${name} cannot be created: ${problem}.`);
}

function providersOf(module: object): unknown[] {
  const providers: unknown = Reflect.getMetadata('providers', module);
  if (!Array.isArray(providers)) return [];
  return providers.map((each: unknown) =>
    typeof each === 'object' && each !== null && 'provide' in each ? each.provide : each,
  );
}

function textOf(token: unknown): string {
  return typeof token === 'function' ? token.name : String(token);
}
