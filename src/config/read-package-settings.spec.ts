import { settingsPrefix } from '@ferrule/driver-kit/plain';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { packageVariables, readPackageSettings } from './read-package-settings.js';

const Schema = z.object({
  mirrorUrl: z.url().describe('Where firmware is.'),
  token: z
    .string()
    .min(8, 'must have 8 characters')
    .optional()
    .meta({ description: 'Opens it.', writeOnly: true }),
  retries: z.coerce.number<string>().max(9).default(3),
  hosts: z
    .string()
    .transform((text) => text.split(','))
    .prefault('a,b'),
});
const VARIABLES = packageVariables('ACME', Schema);

const read = (env: NodeJS.ProcessEnv) => readPackageSettings(env, Schema, VARIABLES);

describe('the settings of a driver package', () => {
  it.each([
    ['ferrule-driver-acme', 'ACME'],
    ['@ferrule/driver-redfish', 'REDFISH'],
    ['@acme/ferrule-driver-x1.gen2', 'X1_GEN2'],
    ['@acme/driver', 'ACME'],
    ['acme-servers', 'ACME_SERVERS'],
    ['driver', 'DRIVER'],
  ])('of %s begin with %s', (name, prefix) => {
    expect(settingsPrefix(name)).toBe(prefix);
  });

  it('are described by the schema', () => {
    expect(VARIABLES).toEqual([
      { key: 'FERRULE_ACME_MIRROR_URL', path: ['mirrorUrl'], description: 'Where firmware is.' },
      { key: 'FERRULE_ACME_TOKEN', path: ['token'], description: 'Opens it.', secret: true },
      { key: 'FERRULE_ACME_RETRIES', path: ['retries'], description: '', default: '3', value: '3' },
      { key: 'FERRULE_ACME_HOSTS', path: ['hosts'], description: '', default: 'a,b', value: 'a,b' },
    ]);
  });

  it('are text; an empty value counts as unset', () => {
    expect(
      read({ FERRULE_ACME_MIRROR_URL: 'https://m', FERRULE_ACME_RETRIES: '5', FERRULE_ACME_HOSTS: '' }),
    ).toEqual({ texts: { mirrorUrl: 'https://m', retries: '5' } });
  });

  it('are read from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-settings-'));
    writeFileSync(join(folder, 'token'), 'correct horse\n');
    expect(
      read({ FERRULE_ACME_MIRROR_URL: 'https://m', FERRULE_ACME_TOKEN_FILE: join(folder, 'token') }),
    ).toEqual({ texts: { mirrorUrl: 'https://m', token: 'correct horse' } });
    rmSync(folder, { recursive: true });
  });

  it('are refused with every reason and without secrets', () => {
    expect(
      read({
        FERRULE_ACME_TOKEN: 'hunter2',
        FERRULE_ACME_RETRIES: '12',
        FERRULE_ACME_HOSTS_FILE: '/nowhere',
      }),
    ).toEqual({
      problems: [
        "FERRULE_ACME_HOSTS_FILE: the file '/nowhere' cannot be read (ENOENT)",
        'FERRULE_ACME_MIRROR_URL must be set: Where firmware is.',
        'FERRULE_ACME_TOKEN must have 8 characters',
        "FERRULE_ACME_RETRIES: Too big: expected number to be <=9, not '12'",
      ],
      others: [],
    });
  });

  it('are named alone when they are missing and have no description', () => {
    const schema = z.object({ url: z.string() });
    expect(readPackageSettings({}, schema, packageVariables('ACME', schema))).toMatchObject({
      problems: ['FERRULE_ACME_URL must be set'],
    });
  });

  it('are refused when the schema throws', () => {
    const schema = z.object({
      hosts: z.string().transform((): string[] => {
        throw new TypeError('no hosts today');
      }),
    });
    const variables = packageVariables('ACME', schema);
    expect(readPackageSettings({ FERRULE_ACME_HOSTS: 'a' }, schema, variables)).toEqual({
      problems: [],
      others: ['no hosts today'],
    });
  });
});
