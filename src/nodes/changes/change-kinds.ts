import { type Action } from '../../auth/policy/defaults/actions.js';

export interface ChangeKind {
  readonly action: Action;
  /** Of the answer, if the change was made. */
  readonly status: number;
}

export const CREATION = { action: 'baremetal:node:create', status: 201 } as const satisfies ChangeKind;
export const UPDATE = { action: 'baremetal:node:update', status: 200 } as const satisfies ChangeKind;
export const DELETION = { action: 'baremetal:node:delete', status: 204 } as const satisfies ChangeKind;
export const SET_MAINTENANCE = {
  action: 'baremetal:node:set_maintenance',
  status: 202,
} as const satisfies ChangeKind;
export const CLEAR_MAINTENANCE = {
  action: 'baremetal:node:clear_maintenance',
  status: 202,
} as const satisfies ChangeKind;
