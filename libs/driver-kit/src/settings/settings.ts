import { type z } from 'zod';
import { settingName } from './setting-names.js';

/** Each member is one environment variable, so it reads a text. Optional ones are `.optional()` or have a `.default()`. */
export type SettingsSchema = z.ZodObject<Readonly<Record<string, z.ZodType<unknown, string | undefined>>>>;

/** The class that `Settings` makes. Its objects are frozen. */
export interface SettingsClass<S extends SettingsSchema> {
  /**
   * @param texts as the environment would give them
   * @throws TypeError naming every wrong member, with the ZodError as its cause
   */
  new (texts: z.input<S>): Readonly<z.output<S>>;
  readonly schema: S;
}

/** Any class made with `Settings`. */
export interface AnySettingsClass {
  new (texts: never): object;
  readonly schema: SettingsSchema;
}

/**
 * Makes the settings class of a driver package, which extends it, names it in `@DriverModule({ settings })` and injects it:
 *
 * ```ts
 * export class AcmeSettings extends Settings(
 *   z.object({ mirrorUrl: z.url().optional().describe('Where firmware is fetched from.') }),
 * ) {}
 * ```
 *
 * The host reads `mirrorUrl` of `ferrule-driver-acme` from `FERRULE_ACME_MIRROR_URL` or the file that
 * `FERRULE_ACME_MIRROR_URL_FILE` names; an empty text means no value. A wrong value stops the start; a message in lower
 * case follows the variable's name. `ferrule config --table` prints descriptions, but no value with `writeOnly` metadata.
 *
 * A method `warnings(): string[]` of the class tells what is allowed and dangerous; the start and `ferrule doctor` show it.
 */
export function Settings<S extends SettingsSchema>(schema: S): SettingsClass<S> {
  class DriverSettings {
    static readonly schema = schema;

    constructor(texts: z.input<S>) {
      const { data, error } = schema.safeParse(texts ?? {});
      if (error) throw new TypeError(refusalOf(new.target.name, error), { cause: error });
      Object.freeze(Object.assign(this, data));
    }
  }
  // TypeScript cannot infer the members that Object.assign adds.
  return DriverSettings as unknown as SettingsClass<S>;
}

/** For authors who make settings in a test; the service reads them from the environment. */
function refusalOf(name: string, { issues }: z.ZodError): string {
  const wrong = issues.map(({ path, message }) => `${path.join('.') || 'the texts'}: ${message}`).join('; ');
  const [variable = 'NAME'] = issues.flatMap(({ path: [member] }) =>
    typeof member === 'string' ? [settingName(member)] : [],
  );
  return (
    `${name} cannot be made (${wrong}). A test gives the members as texts, as new ${name}({ … }); ` +
    `the service reads them from variables like FERRULE_<PACKAGE>_${variable}.`
  );
}
