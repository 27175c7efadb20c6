import { pathToFileURL } from 'node:url';
import { type Type } from '@nestjs/common';
import { isClass } from './checks/is-class.js';
import { type AvailableDriver } from './driver-package.js';
import { explainImport } from './import-errors.js';

/** @throws Error whose message says what is wrong, and in which line of the package. */
export async function importModule(from: AvailableDriver): Promise<Type<object>> {
  let exported = from.module;
  try {
    exported ??= ((await import(pathToFileURL(from.file).href)) as { default?: unknown }).default;
  } catch (error) {
    throw new Error(await explainImport(error, from), { cause: error });
  }
  // `exports.default = …` of CommonJS is a member of the default export.
  if (hasDefault(exported)) exported = exported.default;
  if (isClass(exported)) return exported;
  throw new Error(`the default export of ${from.file} is not a class`);
}

function hasDefault(value: unknown): value is { readonly default: unknown } {
  return typeof value === 'object' && value !== null && 'default' in value;
}
