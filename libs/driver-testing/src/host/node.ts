import { type JsonObject, type JsonValue } from '@ferrule/driver-kit';

/** Members of a node to create. */
export interface NodeOptions {
  /** Default: the first of `hardwareTypes` of the first driver module; without a module, the first by name. */
  readonly driver?: string;
  readonly name?: string;
  readonly driver_info?: JsonObject;
  readonly vendor_interface?: string;
  readonly [member: string]: JsonValue | undefined;
}

/** A node of a host. */
export interface HostNode {
  readonly uuid: string;
  readonly driver: string;
  readonly vendor_interface: string;
  readonly [member: string]: unknown;
}
