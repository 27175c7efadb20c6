export const PROVISION_STATES: ReadonlySet<string> = new Set([
  'enroll',
  'verifying',
  'manageable',
  'available',
  'active',
  'deploying',
  'wait call-back',
  'deploy failed',
  'deploy hold',
  'deleting',
  'deleted',
  'cleaning',
  'clean wait',
  'clean failed',
  'clean hold',
  'error',
  'rebuild',
  'inspecting',
  'inspect wait',
  'inspect failed',
  'adopting',
  'adopt failed',
  'rescue',
  'rescuing',
  'rescue wait',
  'rescue failed',
  'unrescuing',
  'unrescue failed',
  'servicing',
  'service wait',
  'service failed',
  'service hold',
]);

export const FAULTS: ReadonlySet<string> = new Set([
  'power failure',
  'clean failure',
  'rescue abort failure',
  'service failure',
]);

/** Transitional states in which a node may still be changed. */
export const UPDATE_ALLOWED: ReadonlySet<string> = new Set([
  'deploy failed',
  'inspecting',
  'inspect failed',
  'inspect wait',
  'clean failed',
  'error',
  'verifying',
  'adopt failed',
  'rescue failed',
  'unrescue failed',
  'service failed',
  'service wait',
  'service hold',
]);

/** States in which the interfaces and the resource class may change. */
export const REARRANGE_ALLOWED: ReadonlySet<string> = new Set([
  'enroll',
  'inspecting',
  'inspect wait',
  'manageable',
  'available',
]);

export const DELETE_ALLOWED: ReadonlySet<string> = new Set([
  'manageable',
  'enroll',
  'adopt failed',
  'available',
]);

export const PROTECT_ALLOWED: ReadonlySet<string> = new Set(['active', 'rescue']);

const AVAILABLE_MICROVERSION = 2;
const ENROLL_MICROVERSION = 11;
const INSPECT_WAIT_MICROVERSION = 39;

export function initialState(microversion: number): string {
  return microversion < ENROLL_MICROVERSION ? 'available' : 'enroll';
}

export function shownState(state: string, microversion: number): string | null {
  if (state === 'available' && microversion < AVAILABLE_MICROVERSION) return null;
  if (state === 'inspect wait' && microversion < INSPECT_WAIT_MICROVERSION) return 'inspecting';
  return state;
}
