import { type Type } from '@nestjs/common';
import 'reflect-metadata';

export interface Parameter {
  /** From 1. */
  readonly position: number;
  /** What Nest looks for; undefined or `Object` if the compiler did not write it down. */
  readonly token: unknown;
}

/** The required constructor parameters of a class, as Nest reads them. */
export function parametersOf(target: Type<object>): Parameter[] {
  const emitted = listOf('design:paramtypes', target);
  const named = listOf('self:paramtypes', target).filter(isNamed);
  const optional = listOf('optional:paramtypes', target);
  const count = Math.max(target.length, emitted.length, ...named.map(({ index }) => index + 1));
  return Array.from({ length: count }, (_, index) => {
    const own = named.findLast((each) => each.index === index);
    return { position: index + 1, token: own === undefined ? emitted[index] : own.param };
  }).filter(({ position }) => !optional.includes(position - 1));
}

export function hasEmittedTypes(target: Type<object>): boolean {
  return Reflect.hasMetadata('design:paramtypes', target);
}

function listOf(key: string, target: object): unknown[] {
  const list: unknown = Reflect.getMetadata(key, target);
  return Array.isArray(list) ? list : [];
}

function isNamed(value: unknown): value is { readonly index: number; readonly param: unknown } {
  return typeof value === 'object' && value !== null && 'index' in value && typeof value.index === 'number';
}
