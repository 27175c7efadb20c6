import 'reflect-metadata';
import { Injectable, type Type } from '@nestjs/common';
import { type z } from 'zod';
import { type Class, type ConcreteClass } from '../class.js';
import { type ClassKind } from './declare-interface.js';
import { type InterfaceKind } from './interface-kinds.js';
import { type Management } from './management-interface.js';
import { type Power } from './power-interface.js';
import { noteStandardDecorators } from './standard-decorators.js';

const HARDWARE_TYPE = Symbol.for('ferrule.hardware-type');

/** A class, or a name that nodes may have although nothing stands behind it. */
type ClassOrName<T extends object> = Type<T> | string;

/**
 * Interfaces by kind, in order of preference; the first enabled one is the default. A kind that is absent has its
 * `no-…` or `noop` interface.
 */
export type SupportedInterfaces = {
  readonly vendor: readonly [Type<object>, ...Type<object>[]];
  readonly power?: readonly [ClassOrName<Power<never>>, ...ClassOrName<Power<never>>[]];
  readonly management?: readonly [ClassOrName<Management<never>>, ...ClassOrName<Management<never>>[]];
} & {
  readonly [K in Exclude<InterfaceKind, ClassKind>]?: readonly [string, ...string[]];
};

/** Options of `@HardwareType`. */
export interface HardwareTypeOptions {
  /** The `driver` of its nodes, for example `acme-xr`. */
  readonly name: string;
  /**
   * Which servers it is for, in one line.
   * @defaultValue none
   */
  readonly description?: string;
  /**
   * Schema of its driver_info keys, checked before every call; other keys are ignored. Descriptions are listed as
   * properties.
   * @defaultValue nothing is checked
   */
  readonly driverInfo?: z.ZodObject;
  /**
   * Its interfaces by kind: `vendor` lists classes, `power` and `management` list classes and names, other kinds list
   * names. The first enabled one is the default.
   */
  readonly interfaces: SupportedInterfaces;
}

/**
 * Declares a hardware type. A method `validate(node: TaskNode)` may check more than the schema; its errors reach the
 * caller. It runs before each call, and under the node's lock if the node changed; after 10 s the call is answered with
 * 504. A method `probe(node: TaskNode, signal: AbortSignal): Promise<string>` asks the BMC for a sign of life, for
 * `ferrule doctor --node`, and returns a sentence about it; without this method the doctor tries the addresses by HTTP.
 */
export function HardwareType(options: HardwareTypeOptions) {
  return (target: ConcreteClass, context?: unknown): void => {
    noteStandardDecorators(target, context);
    Reflect.defineMetadata(HARDWARE_TYPE, options, target);
    Injectable()(target);
  };
}

/** The options of `@HardwareType` on this class itself, not on a base class. */
export function hardwareTypeOf(target: Class): HardwareTypeOptions | undefined {
  return Reflect.getOwnMetadata(HARDWARE_TYPE, target) as HardwareTypeOptions | undefined;
}
