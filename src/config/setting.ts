import { z } from 'zod';

export interface Setting {
  readonly description: string;
  readonly default?: string;
  /** The default itself, if `default` is a description. */
  readonly value?: string;
  readonly secret?: boolean;
}

export const settings = z.registry<Setting>();

type Text = z.ZodType<unknown, string>;

function described<T extends z.ZodType>(schema: T, setting: Setting): T {
  settings.add(schema, setting);
  return schema;
}

export function optional<T extends Text>(schema: T, description: string): z.ZodOptional<T> {
  return described(schema.optional(), { description });
}

export function secret<T extends Text>(schema: T, description: string): z.ZodOptional<T> {
  return described(schema.optional(), { description, secret: true });
}

export function defaulted<T extends Text>(
  schema: T,
  value: z.input<T>,
  description: string,
  shown: string = value,
): z.ZodPrefault<T> {
  return described(schema.prefault(value), { description, default: shown, value });
}
