import 'reflect-metadata';
import { type Class } from '../class.js';
import { type Duration } from '../duration.js';
import { type DriverTask, type ExclusiveTask, type SharedTask } from '../task.js';
import { isContext } from './standard-decorators.js';

/** Options of `@Periodic`. */
export interface PeriodicOptions {
  /** Time between the beginnings of two runs, from 1 second to 20 days; each is up to 10 % longer or shorter. */
  readonly every: Duration;
  /**
   * `node`: the method is called for each node that has the vendor interface. `driver`: it is called once for each
   * hardware type that has the interface, without a node.
   */
  readonly scope: 'node' | 'driver';
  /**
   * With the scope `node`: `exclusive` skips nodes that are locked and locks each other one while the method works on
   * it; `shared` takes no lock, so the method only reads.
   * @defaultValue `exclusive`
   */
  readonly lock?: 'exclusive' | 'shared';
  /**
   * Time after which the signal of a call is aborted, at most 24 days; with the scope `node` each node has a call of
   * its own.
   * @defaultValue `1h`
   */
  readonly timeout?: Duration;
  /**
   * What the method does, for `ferrule drivers`.
   * @defaultValue none
   */
  readonly description?: string;
}

/** A method with `@Periodic`. */
export interface PeriodicDeclaration {
  readonly key: string;
  readonly options: PeriodicOptions;
}

const PERIODICS = Symbol.for('ferrule.periodics');

/** Makes a misspelt option an error, and a lock without a node. */
type Known<O> = O & { readonly [K in Exclude<keyof O, keyof PeriodicOptions>]: never } & (O extends {
    readonly scope: 'driver';
  }
    ? { readonly lock?: never }
    : unknown);

type PeriodicTask<O> = O extends { readonly scope: 'driver' }
  ? DriverTask
  : O extends { readonly lock: 'shared' }
    ? SharedTask
    : ExclusiveTask;

/** The shape of a method that fits its `@Periodic` options. What it returns is not kept. */
export type PeriodicMethod<O> = (task: PeriodicTask<O>) => unknown;

/**
 * Calls a method of a vendor interface again and again, on one process of all that share the database. Two runs of a method
 * are never at the same time; a run that takes longer than `every` delays the next. Errors are logged, and the node's
 * last_error is not changed.
 */
export function Periodic<const O extends PeriodicOptions>(options: Known<O>) {
  return <T extends PeriodicMethod<O>>(
    prototype: object,
    key: string,
    _descriptor: TypedPropertyDescriptor<T>,
  ): void => {
    if (isContext(key)) return;
    const own: PeriodicDeclaration[] = [...ownPeriodics(prototype), { key, options }];
    Reflect.defineMetadata(PERIODICS, own, prototype);
  };
}

/** The periodic methods of a vendor interface, inherited ones first. */
export function periodicsOf(vendorInterface: Class): readonly PeriodicDeclaration[] {
  const byKey = new Map<string, PeriodicDeclaration>();
  const chain: object[] = [];
  let at: unknown = vendorInterface.prototype;
  while (typeof at === 'object' && at !== null) {
    chain.unshift(at);
    at = Object.getPrototypeOf(at);
  }
  for (const each of chain.flatMap(ownPeriodics)) byKey.set(each.key, each);
  return [...byKey.values()];
}

function ownPeriodics(prototype: object): readonly PeriodicDeclaration[] {
  const own: unknown = Reflect.getOwnMetadata(PERIODICS, prototype);
  return Array.isArray(own) ? (own as PeriodicDeclaration[]) : [];
}
