import { type TaskNode } from '@ferrule/driver-kit';
import { isSecretKey, MASK, maskText } from './text-masking.js';

/** Shorter ones would blot out ordinary words. */
const SHORTEST_SECRET = 4;

/**
 * The secrets that a call has to do with: what the node's driver_info keeps under secret keys, and the
 * arguments that their schema calls `writeOnly`.
 */
export function secretsOf(
  node: TaskNode | null,
  secretArguments: readonly string[],
  args: Record<string, unknown>,
): string[] {
  const own = node ? Object.entries(node.driverInfo).filter(([key]) => isSecretKey(key)) : [];
  const given = Object.entries(args).filter(([key]) => secretArguments.includes(key) || isSecretKey(key));
  return [...own, ...given].flatMap(([, value]) => textsIn(value));
}

/** Takes those secrets out of a text that leaves the service; they are gathered only when there is one. */
export function redactor(secrets: () => readonly string[]): (text: string) => string {
  return (text) => maskText(secrets().reduce((rest, secret) => rest.replaceAll(secret, MASK), text));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= SHORTEST_SECRET ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
