import { type NodeColumn } from '../fields/node-fields.js';

/** The others are short, by their limits or by their types. */
const LARGE: ReadonlySet<NodeColumn> = new Set([
  'driver_info',
  'driver_internal_info',
  'extra',
  'properties',
  'instance_info',
  'network_data',
  'protected_reason',
  'retired_reason',
  'last_error',
]);

export function largeColumns(columns: Iterable<NodeColumn>): NodeColumn[] {
  return [...columns].filter((column) => LARGE.has(column));
}
