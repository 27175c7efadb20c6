import 'reflect-metadata';
import { type Class } from '../class.js';
import { type Effect, type PassthruOptions } from './passthru-options.js';
import { isContext } from './standard-decorators.js';

/** A decorated passthru method. */
export interface MethodDeclaration {
  readonly scope: 'node' | 'driver';
  readonly key: string;
  readonly options: PassthruOptions & { readonly validate?: unknown };
}

const METHODS = Symbol.for('ferrule.methods');

/** The effect of a method, declared or by default. */
export function effectOf({ scope, options: { effect, http, lock } }: MethodDeclaration): Effect {
  const isReading = (scope === 'driver' || lock === 'shared') && http.every((verb) => verb === 'GET');
  return effect ?? (isReading ? 'read' : 'change');
}

/** Declares nothing under standard decorators, whose class is not known here; the class itself is marked. */
export function addMethod(prototype: object, declaration: MethodDeclaration): void {
  if (isContext(declaration.key)) return;
  const own: MethodDeclaration[] = [...ownMethods(prototype), declaration];
  Reflect.defineMetadata(METHODS, own, prototype);
}

/** The methods of a vendor interface, inherited ones first. A redeclared method keeps the place of the one it replaces. */
export function methodsOf(vendorInterface: Class): readonly MethodDeclaration[] {
  const chain: object[] = [];
  let at: unknown = vendorInterface.prototype;
  while (typeof at === 'object' && at !== null) {
    chain.unshift(at);
    at = Object.getPrototypeOf(at);
  }
  const inherited = new Map<string, MethodDeclaration>();
  const all: MethodDeclaration[] = [];
  for (const prototype of chain) {
    for (const method of ownMethods(prototype)) {
      const replaced = inherited.get(method.key);
      if (replaced && !ownMethods(prototype).includes(replaced)) all[all.indexOf(replaced)] = method;
      else all.push(method);
      inherited.set(method.key, method);
    }
  }
  return all;
}

function ownMethods(prototype: object): readonly MethodDeclaration[] {
  const own: unknown = Reflect.getOwnMetadata(METHODS, prototype);
  return Array.isArray(own) ? (own as MethodDeclaration[]) : [];
}
