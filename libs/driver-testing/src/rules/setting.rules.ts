import { isSecretKey } from '@ferrule/driver-kit';
import { z } from 'zod';
import { whyNoDescription } from './names.js';
import { settingsOf } from '../subject/subject.js';
import { type Finding, machine, type Rule } from './rule.js';

/** Settings of the package. */
export const SETTING_RULES: readonly Rule[] = [
  machine(
    'setting-described',
    'silver',
    'Settings have a description.',
    eachSetting((name, field) => whyNoDescription(name, field.description ?? jsonOf(field).description)),
  ),
  machine(
    'setting-optional',
    'silver',
    'Settings are optional or have a default, so that the driver starts without.',
    eachSetting((_, field) => {
      const isOptional = field.safeParse(undefined).success || jsonOf(field).default !== undefined;
      return isOptional ? undefined : 'it is required';
    }),
  ),
  machine(
    'setting-default-valid',
    'bronze',
    'Defaults of settings are texts that the setting reads.',
    eachSetting((_, field) => {
      const { default: byDefault } = jsonOf(field);
      if (typeof byDefault !== 'string' || field.safeParse(byDefault).success) return undefined;
      return `its default ${byDefault} is refused`;
    }),
  ),
  machine(
    'setting-secret-marked',
    'bronze',
    'Settings with the name of a secret are marked with writeOnly.',
    eachSetting((name, field) =>
      isSecretKey(name) && jsonOf(field).writeOnly !== true
        ? 'write .meta({ writeOnly: true }) after it'
        : undefined,
    ),
  ),
];

function eachSetting(
  problemOf: (name: string, field: z.ZodType) => string | undefined,
): NonNullable<Rule['check']> {
  return ({ subject }) =>
    settingsOf(subject).flatMap(([name, field]): Finding[] => {
      const problem = problemOf(name, field);
      return problem === undefined ? [] : [{ subject: name, problem }];
    });
}

function jsonOf(field: z.ZodType) {
  return z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' });
}
