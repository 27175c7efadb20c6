import { isSecretKey, type JsonValue } from '@ferrule/driver-kit';
import { type JsonSchema } from '../arguments/json-schema.js';
import { type Stage } from './stage.js';

/** Shorter texts may be in an answer by chance. */
const SHORTEST = 6;

interface Owned {
  readonly schema?: JsonSchema;
  readonly owner: { readonly hardwareType: string };
}

/** Secret texts that a method was given: of driver_info by their names, of arguments by writeOnly. */
export async function secretsOf(
  stage: Stage,
  { schema, owner }: Owned & { readonly name: string },
  args: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  const driverInfo = await stage.driverInfo(owner.hardwareType);
  const ofNode = Object.entries(driverInfo).filter(([key]) => isSecretKey(key));
  const ofCall = Object.entries(args).filter(([key]) => schema?.properties?.[key]?.writeOnly === true);
  const texts = [...ofNode, ...ofCall].flatMap(([, value]) => textsOf(value as JsonValue));
  return texts.filter((text) => text.trim().length >= SHORTEST);
}

function textsOf(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((member) => textsOf(member as JsonValue));
}
