import { type Persona, type PersonaSet, personaSet } from './personas.js';

/**
 * Abbreviations as in the code of Ironic: system, owner, lessee; admin, manager, member, reader. Each rank includes the
 * higher ones.
 */
const SA: readonly Persona[] = ['system_admin'];
const SM: readonly Persona[] = ['system_member', 'system_service'];
const SR: readonly Persona[] = ['system_reader', 'system_service'];
const OM: readonly Persona[] = ['owner_member', 'owner_service'];
const OMG: readonly Persona[] = ['owner_manager', 'owner_service'];
const OR: readonly Persona[] = ['owner_reader', 'owner_service'];

/** Who may see a node. */
const SEES = [...SR, ...OR, 'lessee_reader'] as const;
const UPDATES = [...SM, ...OM] as const;
/** Who may add what a node consists of, and remove it. */
const BUILDS = [...SA, 'system_service', ...OMG] as const;
const MANAGES = [...UPDATES, 'lessee_manager'] as const;

/**
 * Each action on a node that exists with the personas that may do it unless a rule decides. Those of Ironic have its
 * defaults.
 */
const ON_NODES = {
  'baremetal:node:get': SEES,
  'baremetal:node:get:filter_threshold': SR,
  'baremetal:node:get:last_error': [...SR, ...OR],
  'baremetal:node:get:reservation': [...SR, ...OR],
  'baremetal:node:get:driver_internal_info': [...SR, ...OR],
  'baremetal:node:get:driver_info': [...SR, ...OR],
  'baremetal:node:get_states': SEES,
  'baremetal:node:update': [...UPDATES, 'lessee_member'],
  'baremetal:node:update_extra': [...UPDATES, 'lessee_member'],
  'baremetal:node:update_instance_info': MANAGES,
  'baremetal:node:update:driver_info': UPDATES,
  'baremetal:node:update:properties': UPDATES,
  'baremetal:node:update:instance_uuid': UPDATES,
  'baremetal:node:update:network_data': UPDATES,
  'baremetal:node:update:name': UPDATES,
  'baremetal:node:update:retired': UPDATES,
  'baremetal:node:update:lessee': UPDATES,
  'baremetal:node:update:driver_interfaces': [...SM, ...OMG],
  'baremetal:node:update:owner': SM,
  'baremetal:node:update:conductor_group': SM,
  'baremetal:node:update:parent_node': SM,
  'baremetal:node:update:chassis_uuid': SA,
  'baremetal:node:update:shard': SA,
  'baremetal:node:update:disable_power_off': SA,
  'baremetal:node:update_owner_provisioned': SA,
  'baremetal:node:disable_cleaning': SA,
  'baremetal:node:delete': SA,
  'baremetal:node:delete:self_owned_node': ['owner_admin'],
  'baremetal:node:validate': MANAGES,
  'baremetal:node:set_maintenance': MANAGES,
  'baremetal:node:clear_maintenance': MANAGES,
  'baremetal:node:set_power_state': [...UPDATES, 'lessee_member'],
  'baremetal:node:get_boot_device': [...SM, ...OMG],
  'baremetal:node:set_boot_device': [...SM, ...OMG],
  'baremetal:node:inject_nmi': [...SM, ...OMG],
  'baremetal:node:vendor_passthru': SA,
  'baremetal:port:get': SEES,
  'baremetal:port:create': BUILDS,
  'baremetal:port:update': [...SM, ...OMG],
  'baremetal:port:delete': BUILDS,
  'baremetal:portgroup:get': SEES,
  'baremetal:portgroup:create': BUILDS,
  'baremetal:portgroup:update': [...SM, ...OMG],
  'baremetal:portgroup:delete': BUILDS,
  'ferrule:job:get': SEES,
  'ferrule:lock:get': [...SR, ...OR],
  'ferrule:lock:break': SA,
} as const satisfies Record<string, readonly Persona[]>;

/** Who may list nodes, and what they consist of, as far as their project goes. */
const LISTS: readonly Persona[] = ['project_reader', 'project_service', ...SR];

/** The same for the others. */
const OTHERS = {
  'baremetal:node:create': [...SA, 'system_service'],
  'baremetal:node:create:self_owned_node': ['project_admin', 'project_service'],
  'baremetal:node:list': LISTS,
  'baremetal:node:list_all': SR,
  'baremetal:port:list': LISTS,
  'baremetal:port:list_all': SR,
  'baremetal:portgroup:list': LISTS,
  'baremetal:portgroup:list_all': SR,
  'baremetal:chassis:get': SR,
  'baremetal:chassis:create': SA,
  'baremetal:chassis:update': SM,
  'baremetal:chassis:delete': SA,
  'baremetal:driver:get': SR,
  'baremetal:driver:get_properties': SR,
  'baremetal:driver:vendor_passthru': SA,
  'baremetal:conductor:get': SR,
  'ferrule:audit:get': SA,
  'ferrule:fleet_call:get': SR,
  'ferrule:fleet_call:create': SA,
  'ferrule:fleet_call:control': SA,
} as const satisfies Record<string, readonly Persona[]>;

const ACTIONS = { ...OTHERS, ...ON_NODES };

export type Action = keyof typeof ACTIONS;

export const ACTION_NAMES: readonly Action[] = Object.keys(ACTIONS).filter(isAction);

export function isAction(name: string): name is Action {
  return Object.hasOwn(ACTIONS, name);
}

/** Whether the project that owns a node, or that of its lessee, counts. */
export function isOnNode(action: Action): boolean {
  return Object.hasOwn(ON_NODES, action);
}

/** Actions whose rules may name drivers, methods and arguments. */
export const CALL_ACTIONS = [
  'baremetal:node:vendor_passthru',
  'baremetal:driver:vendor_passthru',
] as const satisfies readonly Action[];
export type CallAction = (typeof CALL_ACTIONS)[number];

export function isCallAction(action: Action): action is CallAction {
  return CALL_ACTIONS.some((each) => each === action);
}

const SETS = new Map<Action, PersonaSet>(ACTION_NAMES.map((action) => [action, personaSet(ACTIONS[action])]));

export function defaultPersonas(action: Action): PersonaSet {
  return SETS.get(action) ?? 0;
}
