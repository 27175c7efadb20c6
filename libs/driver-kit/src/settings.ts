import { type z } from 'zod';

/**
 * The settings of a driver package: each member is one environment variable, so each reads a text, and a
 * member that may be left out is `.optional()` or has a `.default()`.
 */
export type SettingsSchema = z.ZodObject<Readonly<Record<string, z.ZodType<unknown, string | undefined>>>>;

/** The class that `Settings` makes; its objects are frozen. */
export interface SettingsClass<S extends SettingsSchema> {
  /**
   * @param texts as the environment would give them.
   * @throws ZodError naming every member that is wrong.
   */
  new (texts: z.input<S>): Readonly<z.output<S>>;
  /** What the host reads the variables by. */
  readonly schema: S;
}

/** Any class that `Settings` made, or a subclass of it. */
export interface AnySettingsClass {
  new (texts: never): object;
  readonly schema: SettingsSchema;
}

/**
 * Makes the class that holds the settings of a driver package. A package extends it and names the result in
 * `@DriverModule({ settings })`; whatever needs the settings has them injected by that class:
 *
 * ```ts
 * export class AcmeSettings extends Settings(
 *   z.object({
 *     mirror: z.url().optional().describe('Where firmware is fetched from.'),
 *     token: z.string().optional().meta({ description: 'Opens the mirror.', writeOnly: true }),
 *   }),
 * ) {}
 * ```
 *
 * The host reads the member `mirrorUrl` of the package `ferrule-driver-acme` from `FERRULE_ACME_MIRROR_URL`
 * or from the file that `FERRULE_ACME_MIRROR_URL_FILE` names; an empty text counts as none. The prefix is the
 * package's name without scope, `ferrule-` and `driver-`. A wrong value stops the start: a message that begins
 * in lower case is read as the end of a sentence (`FERRULE_ACME_MIRROR_URL must be …`). The descriptions stand
 * in `ferrule config --table`; a member that is `writeOnly` is never printed.
 */
export function Settings<S extends SettingsSchema>(schema: S): SettingsClass<S> {
  class DriverSettings {
    static readonly schema = schema;

    constructor(texts: z.input<S>) {
      Object.freeze(Object.assign(this, schema.parse(texts)));
    }
  }
  // A class declaration cannot say which members Object.assign gives its objects.
  return DriverSettings as unknown as SettingsClass<S>;
}
