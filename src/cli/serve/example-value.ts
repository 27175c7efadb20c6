import { type JsonObject, type JsonValue } from '@ferrule/driver-kit';
import { z } from 'zod';

type Schema = z.core.JSONSchema.JSONSchema;

/** Values for the members that a schema requires: its examples and defaults where it has any. */
export function exampleOf(schema: z.ZodObject): JsonObject {
  return membersOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function membersOf({ properties = {}, required = [] }: Schema): JsonObject {
  return Object.fromEntries(
    required.flatMap((name): [string, JsonValue][] => {
      const property = properties[name];
      return typeof property === 'object' ? [[name, valueOf(name, property)]] : [];
    }),
  );
}

function valueOf(name: string, schema: Schema): JsonValue {
  const [given] = [...(schema.examples ?? []), schema.default, schema.const, ...(schema.enum ?? [])].filter(
    (value) => value !== undefined,
  );
  if (given !== undefined) return given as JsonValue;
  const [variant] = schema.anyOf ?? schema.oneOf ?? [];
  if (typeof variant === 'object') return valueOf(name, variant);
  switch (schema.type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'array':
      return typeof schema.items === 'object' && !Array.isArray(schema.items)
        ? [valueOf(name, schema.items)]
        : [];
    case 'object':
      return membersOf(schema);
    default:
      return textOf(name, schema.format);
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  uri: 'https://example.com/',
  email: 'user@example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uuid: '9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d',
};

function textOf(name: string, format: string | undefined): string {
  return FORMATS[format ?? ''] ?? (/address|host/i.test(name) ? '192.0.2.1' : name);
}
