import { type ClassKind } from '@ferrule/driver-kit/host';
import { type Action, type CallAction, isAction } from '../auth/policy/defaults/actions.js';

export interface Operation {
  /** `vendor` for passthru methods. */
  readonly kind: ClassKind;
  readonly interface: string;
  readonly name: string;
}

/** For log lines: `vendor:fake-options.second_method`. */
export function operationText(operation: Operation): string {
  return `${operation.kind}:${operation.interface}.${operation.name}`;
}

/** The permission for calls of passthru methods. */
export function passthruAction(scope: 'node' | 'driver'): CallAction {
  return `baremetal:${scope}:vendor_passthru`;
}

/** The permission for an operation of another kind, which has its name. */
export function operationAction({ kind, name }: Operation): Action {
  const action = `baremetal:node:${ALIASES.get(name) ?? name}`;
  if (isAction(action)) return action;
  throw new Error(`There is no permission for ${kind}.${name}.`);
}

/** Operations with the permission of another one. */
const ALIASES = new Map([['get_supported_boot_devices', 'get_boot_device']]);
