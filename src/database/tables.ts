import { type Caller, type JsonObject } from '@ferrule/driver-kit';
import { type ColumnType, type Generated } from 'kysely';

type Json<T> = ColumnType<T, string, string>;
/** RFC 3339 in UTC with microseconds. */
type Timestamp = ColumnType<string, string | undefined, string>;
type NullableTimestamp = ColumnType<string | null, string | null | undefined, string | null>;
type Defaulted<T> = ColumnType<T, T | undefined, T>;

export interface NodesTable {
  /** Order of creation, for paging; not shown to clients. */
  id: Generated<string>;
  uuid: string;
  name: string | null;
  driver: string;
  driver_info: Json<JsonObject>;
  driver_internal_info: Json<JsonObject>;
  extra: Json<JsonObject>;
  properties: Json<JsonObject>;
  instance_info: Json<JsonObject>;
  instance_uuid: string | null;
  instance_name: string | null;
  allocation_uuid: string | null;
  chassis_uuid: string | null;
  provision_state: string;
  target_provision_state: string | null;
  provision_updated_at: NullableTimestamp;
  power_state: string | null;
  target_power_state: string | null;
  maintenance: Defaulted<boolean>;
  maintenance_reason: string | null;
  fault: string | null;
  last_error: string | null;
  last_error_by_passthru: Defaulted<boolean>;
  console_enabled: Defaulted<boolean>;
  boot_mode: string | null;
  secure_boot: boolean | null;
  health: string | null;
  automated_clean: boolean | null;
  disable_power_off: Defaulted<boolean | null>;
  protected: Defaulted<boolean>;
  protected_reason: string | null;
  retired: Defaulted<boolean | null>;
  retired_reason: string | null;
  clean_step: Json<JsonObject>;
  deploy_step: Json<JsonObject>;
  service_step: Json<JsonObject>;
  raid_config: Json<JsonObject>;
  target_raid_config: Json<JsonObject>;
  traits: Json<string[]>;
  network_data: Json<JsonObject>;
  resource_class: string | null;
  conductor_group: Defaulted<string>;
  owner: string | null;
  lessee: string | null;
  description: string | null;
  shard: string | null;
  parent_node: string | null;
  inspection_started_at: NullableTimestamp;
  inspection_finished_at: NullableTimestamp;
  bios_interface: string | null;
  boot_interface: string | null;
  console_interface: string | null;
  deploy_interface: string | null;
  firmware_interface: string | null;
  inspect_interface: string | null;
  management_interface: string | null;
  network_interface: string | null;
  power_interface: string | null;
  raid_interface: string | null;
  rescue_interface: string | null;
  storage_interface: string | null;
  vendor_interface: string | null;
  created_at: Timestamp;
  updated_at: NullableTimestamp;
}

/** One row per node. A free lock has a null token; the row stays, so that the fence never decreases. */
export interface ReservationsTable {
  node_id: string;
  token: string | null;
  fence: Generated<string>;
  holder: string | null;
  purpose: string | null;
  /** Name of the caller it is held for. */
  caller: string | null;
  since: NullableTimestamp;
  conductor_id: string | null;
  job_id: string | null;
  /** Of the lock that was broken last. */
  broken_token: string | null;
  /** Who broke it. */
  broken_by: string | null;
}

/** One row per lease; a process whose lease ended registers under a new id. */
export interface ConductorsTable {
  id: string;
  hostname: string;
  started_at: Timestamp;
  expires_at: ColumnType<string, string, string>;
  /** The id of the key that its process encrypts with; null: in the clear. */
  secrets_key: string | null;
  role: Defaulted<string>;
  conductor_group: Defaulted<string>;
  /** Null, as all below, for a process of an earlier version. */
  version: string | null;
  /** URL for calls that are forwarded to it. */
  address: string | null;
  drivers: ColumnType<JsonObject[] | null, string | null | undefined, never>;
  /** It takes no more work. */
  is_leaving: Defaulted<boolean>;
}

export interface JobsTable {
  /** Order of creation, for paging; not shown to clients. */
  seq: Generated<string>;
  id: string;
  state: string;
  driver: string;
  /** Whose conductors may run it. */
  conductor_group: Defaulted<string>;
  /** Of the interface that it calls. */
  kind: Defaulted<string>;
  /** The name of the interface, of whichever kind. */
  vendor_interface: string;
  method: string;
  http_method: string;
  node_id: string | null;
  node_uuid: string | null;
  /** Emptied at the end, because it may contain secrets. */
  args: Json<JsonObject | string>;
  /** Without secrets; a text if they are too many. Null for jobs of earlier versions. */
  shown_args: Json<JsonObject | string> | null;
  reservation_token: string | null;
  /** Of its lock; null for a job without one, and for jobs of earlier versions. */
  lock_fence: string | null;
  request_id: string;
  /** `traceparent` of the request; null without tracing. */
  trace: string | null;
  /** Null for jobs that a version without authentication accepted. */
  caller: ColumnType<Caller | null, string | null, string | null>;
  progress: ColumnType<JsonObject | null, string | null | undefined, string | null>;
  result: ColumnType<unknown, string | null | undefined, string | null>;
  error: ColumnType<JsonObject | null, string | null | undefined, string | null>;
  has_attachment: Defaulted<boolean>;
  conductor: string | null;
  conductor_id: string | null;
  adoptions: Generated<number>;
  enqueued_at: Timestamp;
  created_at: Timestamp;
  started_at: NullableTimestamp;
  finished_at: NullableTimestamp;
  cancel_requested_at: NullableTimestamp;
  /** Name of the caller that asked first. */
  cancel_requested_by: string | null;
  /** The transaction that last changed what is shown of it. */
  change: ColumnType<string, never, never>;
  /** Id of its fleet call. */
  fleet_call: string | null;
}

export interface JobAttachmentsTable {
  job_id: string;
  content_type: string;
  filename: string | null;
  body: Buffer;
}

/** The last reports of each attempt. */
export interface JobProgressTable {
  job_id: string;
  attempt: number;
  /** Counted in the attempt. */
  number: number;
  slot: Generated<number>;
  at: Timestamp;
  percent: number | null;
  message: string | null;
}

/** Rows are added by `audit_append` alone. */
export interface AuditTable {
  seq: ColumnType<string, never, never>;
  at: ColumnType<string, never, never>;
  record: ColumnType<string, never, never>;
  hash: ColumnType<Buffer, never, never>;
  node: ColumnType<string | null, never, never>;
  caller: ColumnType<string | null, never, never>;
  action: ColumnType<string, never, never>;
}

export interface Tables {
  audit: AuditTable;
  nodes: NodesTable;
  reservations: ReservationsTable;
  conductors: ConductorsTable;
  jobs: JobsTable;
  job_attachments: JobAttachmentsTable;
  job_progress: JobProgressTable;
}
