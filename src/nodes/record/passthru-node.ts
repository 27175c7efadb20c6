import { type JsonObject, POWER_STATES, type TaskNode } from '@ferrule/driver-kit';
import { type ClassKind } from '@ferrule/driver-kit/host';
import { type SecretsAtRest } from '../../secrets/at-rest/secrets-at-rest.js';
import { overridingInterface } from '../fields/node-interfaces.js';

export interface PassthruNode extends TaskNode {
  readonly id: string;
  /** `instance_info.vendor_interface` if set, else the node's own. */
  readonly vendorInterface: string;
  readonly powerInterface: string;
  readonly managementInterface: string;
  readonly conductorGroup: string;
  readonly disablePowerOff: boolean;
  readonly lastErrorByPassthru: boolean;
  /** Null when the node was never changed. */
  readonly updatedAt: string | null;
  /** Ids of projects. */
  readonly owner: string | null;
  readonly lessee: string | null;
}

export interface PassthruRow {
  readonly id: string;
  readonly uuid: string;
  readonly name: string | null;
  readonly driver: string;
  readonly vendor_interface: string | null;
  readonly power_interface: string | null;
  readonly management_interface: string | null;
  readonly power_state: string | null;
  readonly disable_power_off: boolean | null;
  readonly conductor_group: string;
  readonly driver_info: JsonObject;
  readonly driver_internal_info: JsonObject;
  readonly properties: JsonObject;
  readonly extra: JsonObject;
  readonly instance_info: JsonObject;
  readonly last_error_by_passthru: boolean;
  readonly updated_at: string | null;
  readonly owner: string | null;
  readonly lessee: string | null;
}

/** @throws SecretsKeyMissing, SecretDamaged */
export function passthruNode(stored: PassthruRow, secrets: SecretsAtRest): PassthruNode {
  const row = secrets.openedNode(stored);
  return {
    id: row.id,
    uuid: row.uuid,
    name: row.name,
    driver: row.driver,
    // `completeInterfaces` sets one of the two.
    vendorInterface: overridingInterface(row.instance_info, 'vendor') ?? row.vendor_interface ?? '',
    powerInterface: overridingInterface(row.instance_info, 'power') ?? row.power_interface ?? '',
    managementInterface:
      overridingInterface(row.instance_info, 'management') ?? row.management_interface ?? '',
    driverInfo: row.driver_info,
    driverInternalInfo: row.driver_internal_info,
    properties: row.properties,
    extra: row.extra,
    instanceInfo: row.instance_info,
    powerState: POWER_STATES.find((state) => state === row.power_state) ?? null,
    conductorGroup: row.conductor_group,
    disablePowerOff: row.disable_power_off ?? false,
    lastErrorByPassthru: row.last_error_by_passthru,
    updatedAt: row.updated_at,
    owner: row.owner,
    lessee: row.lessee,
  };
}

/** The name of the interface that the node has of a kind. */
export function interfaceNameOf(node: PassthruNode, kind: ClassKind): string {
  return node[INTERFACES[kind]];
}

const INTERFACES = {
  management: 'managementInterface',
  power: 'powerInterface',
  vendor: 'vendorInterface',
} as const satisfies Record<ClassKind, keyof PassthruNode>;
