import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { type ConcreteClass } from '../class.js';
import { noteStandardDecorators } from './standard-decorators.js';

/** The kinds whose interfaces may be classes. */
export const CLASS_KINDS = ['management', 'power', 'vendor'] as const;
/** One of `CLASS_KINDS`. */
export type ClassKind = (typeof CLASS_KINDS)[number];

/** Makes a class a provider, and an interface of the kind. */
export function declareInterface(
  kind: ClassKind,
  options: object,
  target: ConcreteClass,
  context: unknown,
): void {
  noteStandardDecorators(target, context);
  Reflect.defineMetadata(interfaceKey(kind), options, target);
  Injectable()(target);
}

/** In the global symbol registry, because a driver package may bring its own copy of the kit. */
export function interfaceKey(kind: ClassKind): symbol {
  return Symbol.for(`ferrule.${kind}-interface`);
}
