import { settingsPrefix } from '@ferrule/driver-kit/plain';
import { Settings } from '@ferrule/driver-kit';
import { z } from 'zod';
import { packageVariables } from '../../config/read-package-settings.js';
import { type DeclaredSettings, mayBelongTo, readDeclaredSettings } from './declared-settings.js';

function declared(
  name: string,
  schema: z.ZodObject<Record<string, z.ZodOptional<z.ZodString>>>,
): DeclaredSettings {
  const prefix = settingsPrefix(name);
  return { package: name, prefix, settings: Settings(schema), variables: packageVariables(prefix, schema) };
}

const Label = z.object({ label: z.string().optional() });

describe('the settings of several packages', () => {
  it('are objects of the classes that they are injected by', () => {
    const acme = declared('driver-acme', Label);
    const { settings, problems } = readDeclaredSettings({ FERRULE_ACME_LABEL: 'x' }, [acme]);
    expect(problems).toEqual([]);
    expect(settings).toEqual([{ token: acme.settings, value: { label: 'x' }, secrets: [] }]);
    expect(settings[0]?.value).toBeInstanceOf(acme.settings);
    expect(Object.isFrozen(settings[0]?.value)).toBe(true);
  });

  it('name the values of those that are secrets, as given and as the schema made them', () => {
    const schema = z.object({
      token: z
        .string()
        .transform((text) => text.split(','))
        .optional()
        .meta({ writeOnly: true }),
      pin: z.string().default('0000').meta({ writeOnly: true }),
      label: z.string().optional(),
    });
    const prefix = settingsPrefix('driver-acme');
    const acme = {
      package: 'driver-acme',
      prefix,
      settings: Settings(schema),
      variables: packageVariables(prefix, schema),
    };
    const env = { FERRULE_ACME_TOKEN: 'tok-1,tok-22', FERRULE_ACME_LABEL: 'label' };
    expect(readDeclaredSettings(env, [acme]).settings[0]?.secrets).toEqual([
      'tok-1,tok-22',
      'tok-1',
      'tok-22',
    ]);
  });

  it('need distinct prefixes', () => {
    const both = [declared('driver-acme', Label), declared('@other/driver-acme', Label)];
    expect(readDeclaredSettings({}, both).problems).toEqual([
      'The packages driver-acme and @other/driver-acme both have settings that begin with FERRULE_ACME_.',
    ]);
  });

  it("must not clash with the service's names or each other's", () => {
    const lock = declared('driver-lock', z.object({ tries: z.string().optional() }));
    const one = declared('driver-a', z.object({ bC: z.string().optional() }));
    const two = declared('driver-a-b', z.object({ c: z.string().optional() }));
    expect(readDeclaredSettings({}, [lock, one, two]).problems).toEqual([
      'FERRULE_LOCK_TRIES is a setting of package driver-lock, and of Ferrule itself.',
      'FERRULE_A_B_C is a setting of package driver-a-b, and of package driver-a.',
    ]);
  });

  it('are recognized by their prefix when a package cannot be loaded', () => {
    const failed = { package: 'driver-acme', hardwareTypes: ['acme'], text: 'it is broken' };
    expect(mayBelongTo('FERRULE_ACME_LABEL', [failed])).toBe(true);
    expect(mayBelongTo('FERRULE_ACMES', [failed])).toBe(false);
  });
});
