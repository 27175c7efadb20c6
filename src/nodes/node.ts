import { type JsonObject, type TaskNode } from '@ferrule/driver-kit';
import { type Selectable } from 'kysely';
import { type NodesTable } from '../database/tables.js';
import { overridingInterface } from './fields/node-interfaces.js';

/** A node as it is stored. */
export type Node = Selectable<NodesTable>;

/** What an answer about a node is made of: the columns that were read, and who holds its lock. */
export type NodeRow = Partial<Node> & { readonly uuid: string; readonly reservation?: string | null };

/** All that a passthru call needs to know of its node, read in one go. */
export interface PassthruNode extends TaskNode {
  /** Key of the row; never shown. */
  readonly id: string;
  /** `instance_info.vendor_interface` where there is one, else the node's own. */
  readonly vendorInterface: string;
  /** Whether `last_error` was left by a passthru method. */
  readonly lastErrorByPassthru: boolean;
  /** When the row was last changed; null when it never was. */
  readonly updatedAt: string | null;
}

/** The columns of a passthru call's node. */
export interface PassthruRow {
  readonly id: string;
  readonly uuid: string;
  readonly name: string | null;
  readonly driver: string;
  readonly vendor_interface: string | null;
  readonly driver_info: JsonObject;
  readonly driver_internal_info: JsonObject;
  readonly properties: JsonObject;
  readonly extra: JsonObject;
  readonly instance_info: JsonObject;
  readonly last_error_by_passthru: boolean;
  readonly updated_at: string | null;
}

export function passthruNode(row: PassthruRow): PassthruNode {
  return {
    id: row.id,
    uuid: row.uuid,
    name: row.name,
    driver: row.driver,
    // The node has one of the two; see `completeInterfaces`.
    vendorInterface: overridingInterface(row.instance_info, 'vendor') ?? row.vendor_interface ?? '',
    driverInfo: row.driver_info,
    driverInternalInfo: row.driver_internal_info,
    properties: row.properties,
    extra: row.extra,
    instanceInfo: row.instance_info,
    lastErrorByPassthru: row.last_error_by_passthru,
    updatedAt: row.updated_at,
  };
}
