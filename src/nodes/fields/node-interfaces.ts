import { INTERFACE_KINDS, type InterfaceKind, isJsonObject } from '@ferrule/driver-kit';
import { type ServedDriver } from '../../conductors/roster/served-driver.js';

export type InterfaceField = `${InterfaceKind}_interface`;

export const INTERFACE_FIELDS = INTERFACE_KINDS.map((kind) => [kind, interfaceField(kind)] as const);

export function interfaceField(kind: InterfaceKind): InterfaceField {
  return `${kind}_interface`;
}

/** `instance_info` of a deployed node has precedence over the node's own field. */
export function overridingInterface(instanceInfo: unknown, kind: InterfaceKind): string | undefined {
  const value = isJsonObject(instanceInfo) ? instanceInfo[interfaceField(kind)] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/**
 * Checks interfaces and fills in defaults. A kind that only `instance_info` names stays null.
 * @param named the node's own value of a field, null for none.
 */
export function completeInterfaces(
  driver: ServedDriver,
  instanceInfo: unknown,
  named: (field: InterfaceField) => unknown,
): Map<InterfaceField, string | null> {
  const interfaces = new Map<InterfaceField, string | null>();
  for (const [kind, field] of INTERFACE_FIELDS) {
    const override = isJsonObject(instanceInfo) ? (instanceInfo[field] ?? null) : null;
    const own = named(field);
    for (const name of [override, own]) if (name !== null) driver.assertSupports(kind, nameOf(name));
    if (own !== null) interfaces.set(field, nameOf(own));
    else interfaces.set(field, override === null ? driver.defaultInterface(kind) : null);
  }
  return interfaces;
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
