import { type z } from 'zod';

/**
 * The settings of a driver package. Each member is one environment variable, so it reads a text; an optional member is
 * `.optional()` or has a `.default()`.
 */
export type SettingsSchema = z.ZodObject<Readonly<Record<string, z.ZodType<unknown, string | undefined>>>>;

/** The class that `Settings` makes. Its objects are frozen. */
export interface SettingsClass<S extends SettingsSchema> {
  /**
   * @param texts as the environment would give them
   * @throws ZodError naming every wrong member
   */
  new (texts: z.input<S>): Readonly<z.output<S>>;
  readonly schema: S;
}

/** A class made with `Settings`, or a subclass of it. */
export interface AnySettingsClass {
  new (texts: never): object;
  readonly schema: SettingsSchema;
}

/**
 * Makes the class that holds the settings of a driver package. A package extends it, names it in
 * `@DriverModule({ settings })` and has it injected:
 *
 * ```ts
 * export class AcmeSettings extends Settings(
 *   z.object({
 *     mirrorUrl: z.url().optional().describe('Where firmware is fetched from.'),
 *     token: z.string().optional().meta({ description: 'Token for the mirror.', writeOnly: true }),
 *   }),
 * ) {}
 * ```
 *
 * The host reads `mirrorUrl` of the package `ferrule-driver-acme` from `FERRULE_ACME_MIRROR_URL`, or from the file that
 * `FERRULE_ACME_MIRROR_URL_FILE` names; an empty text means no value. The prefix is the package's name without scope,
 * `ferrule-` and `driver-`. A wrong value stops the start; a message in lower case follows the variable's name
 * (`FERRULE_ACME_MIRROR_URL must be …`). `ferrule config --table` prints descriptions, but no `writeOnly` value.
 */
export function Settings<S extends SettingsSchema>(schema: S): SettingsClass<S> {
  class DriverSettings {
    static readonly schema = schema;

    constructor(texts: z.input<S>) {
      Object.freeze(Object.assign(this, schema.parse(texts)));
    }
  }
  // TypeScript cannot infer the members that Object.assign adds.
  return DriverSettings as unknown as SettingsClass<S>;
}
