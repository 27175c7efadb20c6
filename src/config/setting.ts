import { z } from 'zod';

/** What people are told about one setting; the schema itself says what it may be. */
export interface Setting {
  readonly description: string;
  /** The default as it would be written in the environment, or words for it. */
  readonly default?: string;
  /** The default itself, where `default` has only words for it. */
  readonly value?: string;
  /** Its value is never printed. */
  readonly secret?: boolean;
}

export const settings = z.registry<Setting>();

type Text = z.ZodType<unknown, string>;

function described<T extends z.ZodType>(schema: T, setting: Setting): T {
  settings.add(schema, setting);
  return schema;
}

/** A setting that may be left out. */
export function optional<T extends Text>(schema: T, description: string): z.ZodOptional<T> {
  return described(schema.optional(), { description });
}

/** A setting that may be left out and is never printed. */
export function secret<T extends Text>(schema: T, description: string): z.ZodOptional<T> {
  return described(schema.optional(), { description, secret: true });
}

/** A setting with a default, which is parsed as if it had been set. */
export function defaulted<T extends Text>(
  schema: T,
  value: z.input<T>,
  description: string,
  shown: string = value,
): z.ZodPrefault<T> {
  return described(schema.prefault(value), { description, default: shown, value });
}
