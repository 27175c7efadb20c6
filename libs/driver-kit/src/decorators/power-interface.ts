import { type PowerState, type PowerTarget } from '../power-words.js';
import { type ExclusiveTask, type SharedTask } from '../task.js';
import { declareInterface } from './declare-interface.js';

/** Options of `@PowerInterface`. */
export interface PowerInterfaceOptions<T extends PowerTarget = PowerTarget> {
  /** The `power_interface` of nodes that use it, for example `acme`. */
  readonly name: string;
  /** What `setPowerState` may be asked for. Callers of others get 400. */
  readonly targets: readonly [T, ...T[]];
}

/** The methods of a class with `@PowerInterface`. */
export interface Power<T extends PowerTarget = PowerTarget> {
  /** What the BMC says; null if it does not know, for example while the server changes its state. */
  readonly getPowerState: (task: SharedTask) => PowerState | null | Promise<PowerState | null>;
  /**
   * Ends when the state is reached, which it may read again and again: `task.signal` is aborted at the caller's time
   * limit. It is not asked for a state that the server has. Reboots end when the server is on.
   */
  readonly setPowerState: (task: ExclusiveTask, target: T) => void | Promise<void>;
  /** Checks whether the node can be used, before each call; for at most 10 s. Its errors reach the caller. */
  readonly validate?: (task: SharedTask) => void | Promise<void>;
}

/**
 * Declares a class that switches servers on and off. A Nest provider, one object for all nodes, so it must not keep a
 * call's state.
 */
export function PowerInterface<const T extends PowerTarget>(options: PowerInterfaceOptions<T>) {
  return (target: new (...args: never[]) => Power<T>, context?: unknown): void =>
    declareInterface('power', options, target, context);
}
