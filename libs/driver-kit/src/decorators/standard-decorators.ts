import 'reflect-metadata';
import { type Class } from '../class.js';

const STANDARD_DECORATORS = Symbol.for('ferrule.standard-decorators');

/** Marks a class that was compiled to standard decorators, which get a context and cannot declare methods here. */
export function noteStandardDecorators(target: object, context: unknown): void {
  if (isContext(context)) Reflect.defineMetadata(STANDARD_DECORATORS, true, target);
}

/** Whether the second argument of a decorator is the context of a standard one, not the key of an experimental one. */
export function isContext(context: unknown): boolean {
  return typeof context === 'object' && context !== null && 'kind' in context;
}

/** Whether a class was compiled to standard decorators, so that its methods and constructor types are unknown. */
export function hasStandardDecorators(target: Class): boolean {
  return Reflect.getOwnMetadata(STANDARD_DECORATORS, target) === true;
}
