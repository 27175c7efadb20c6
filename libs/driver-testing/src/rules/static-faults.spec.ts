import { resolve } from 'node:path';
import {
  DriverModule,
  HardwareType,
  type JsonObject,
  NoVendor,
  Passthru,
  type PassthruOptions,
  Periodic,
  Settings,
  VendorInterface,
} from '@ferrule/driver-kit';
import { type Type } from '@nestjs/common';
import { z } from 'zod';
import { Trial } from '../trial/trial.js';
import { RULES } from './index.js';
import { type Rule } from './rule.js';

const FIXTURE = resolve(import.meta.dirname, '../../../../test/fixtures/driver-untidy');
const TIDY = resolve(import.meta.dirname, '../../../driver-fake');

/** Rules that read what is declared, without the service. */
const STATIC = RULES.filter(({ id }) =>
  /^(?:module-declared|hardware-type-|interface-|method-(?!listed)|effect-|argument-|args-(?:representable|strict)|setting-|driver-info-(?:described|named|secret-named)|package-(?!entry))/.test(
    id,
  ),
);

const METHOD = {
  http: ['GET'],
  async: false,
  lock: 'shared',
  description: 'Read the log.',
} as const satisfies PassthruOptions;

interface Faults {
  readonly method?: Partial<PassthruOptions>;
  readonly second?: Partial<PassthruOptions>;
  readonly args?: z.ZodRawShape;
  readonly settings?: z.ZodRawShape;
  readonly driverInfo?: z.ZodRawShape;
  readonly type?: JsonObject;
  readonly interfaceName?: string;
}

/** Written in JavaScript, a driver may have any of these. */
type AnyOptions = (options: object) => (prototype: object, key: string) => void;

function driverWith(faults: Faults): Type<object> {
  const vendor = (name: string, options: object): Type<object> => {
    class Vendor {}
    (Passthru as unknown as AnyOptions)(options)(Vendor.prototype, 'readLog');
    VendorInterface({ name })(Vendor);
    return Vendor;
  };
  const args = faults.args && { args: z.object(faults.args) };
  const first = vendor(faults.interfaceName ?? 'acme', { ...METHOD, ...args, ...faults.method });
  const others = faults.second ? [vendor('acme-two', { ...METHOD, ...faults.second })] : [];
  class Hardware {}
  HardwareType({
    name: 'acme',
    description: 'Servers of ACME',
    driverInfo: z.object(faults.driverInfo ?? {}),
    interfaces: { vendor: [first, ...others] },
    ...faults.type,
  })(Hardware);
  class Module {}
  const settings = faults.settings && {
    settings: (Settings as (schema: z.ZodObject) => never)(z.object(faults.settings)),
  };
  DriverModule({ kit: 1, hardwareTypes: [Hardware], ...settings })(Module);
  return Module;
}

async function failures(module: Type<object>, rules: readonly Rule[], packageFolder = TIDY) {
  const trial = new Trial(module, { packageFolder });
  const failed: string[] = [];
  for (const { id, check } of rules) {
    if (check && (await check(trial)).length > 0) failed.push(id);
  }
  return failed;
}

const secret = z.string().optional();

describe('rules about declarations', () => {
  it('find nothing wrong with a good driver', async () => {
    expect(await failures(driverWith({}), STATIC)).toEqual([]);
    expect(STATIC.length).toBeGreaterThan(25);
  });

  it.each<[rule: string, faults: Faults]>([
    ['hardware-type-named', { type: { name: 'Acme_XR' } }],
    ['hardware-type-described', { type: { description: '' } }],
    ['interface-named', { interfaceName: 'Acme' }],
    ['method-named', { method: { name: 'readLog' } }],
    ['method-described', { method: { description: 'Read log' } }],
    ['method-description-brief', { method: { description: 'read the log' } }],
    ['method-get-shared', { method: { lock: 'exclusive', effect: 'read' } }],
    ['effect-of-get', { method: { http: ['GET', 'POST'] } }],
    ['method-sync-short', { method: { timeout: '11m' } }],
    ['method-same-everywhere', { second: { http: ['POST'] } }],
    ['method-example', { args: { log: z.string().describe('The name of the log.') } }],
    ['argument-named', { args: { logName: secret.describe('The name of the log.') } }],
    ['argument-described', { args: { log: z.string().optional() } }],
    ['argument-typed', { args: { log: z.unknown().optional().describe('The name of the log.') } }],
    ['argument-secret-marked', { args: { password: secret.describe('That of the mirror.') } }],
    [
      'argument-secret-without-default',
      {
        args: { word: z.string().default('x').meta({ description: 'That of the mirror.', writeOnly: true }) },
      },
    ],
    [
      'argument-default-valid',
      { args: { lines: z.int().min(1).default(0).describe('How many.').prefault(0) } },
    ],
    [
      'argument-default-shown',
      {
        args: {
          lines: z.preprocess(Number, z.int()).default(5).meta({ type: 'integer', description: 'How many.' }),
        },
      },
    ],
    [
      'args-representable',
      { args: { since: z.date().optional().meta({ type: 'string', description: 'Entries after that.' }) } },
    ],
    ['args-strict', { method: { args: z.looseObject({}) } }],
    ['setting-described', { settings: { mirror: z.string().optional() } }],
    ['setting-optional', { settings: { mirror: z.string().describe('Where files are.') } }],
    [
      'setting-default-valid',
      { settings: { mirror: z.string().regex(/^h/).prefault('x').describe('Where files are.') } },
    ],
    ['setting-secret-marked', { settings: { token: secret.describe('That of the mirror.') } }],
    ['driver-info-described', { driverInfo: { acme_address: z.string() } }],
    ['driver-info-named', { driverInfo: { acmeAddress: z.string().describe('Where the BMC is.') } }],
    [
      'driver-info-secret-named',
      {
        driverInfo: { acme_word: z.string().meta({ description: 'That of the account.', writeOnly: true }) },
      },
    ],
  ])('%s finds its fault, and no other rule does', async (rule, faults) => {
    expect(await failures(driverWith(faults), STATIC)).toEqual([rule]);
  });

  it('module-declared finds a class that is no driver module', async () => {
    expect(await failures(class Nothing {}, STATIC)).toEqual(['module-declared']);
  });

  it('interface-has-methods finds a vendor interface without methods', async () => {
    class Empty {}
    VendorInterface({ name: 'empty' })(Empty);
    const module = driverWith({
      type: { interfaces: { vendor: [Empty, NoVendor] } } as unknown as JsonObject,
    });
    expect(await failures(module, STATIC)).toEqual(['interface-has-methods']);
  });

  it('interface-has-methods passes a vendor interface with periodic methods only', async () => {
    class Watching {
      @Periodic({ every: '5m', scope: 'node' })
      watch(): void {}
    }
    VendorInterface({ name: 'watching' })(Watching);
    const module = driverWith({ type: { interfaces: { vendor: [Watching] } } as unknown as JsonObject });
    expect(await failures(module, STATIC)).toEqual([]);
  });

  it.each(['package-entry', 'package-peers', 'package-described', 'import-clean'])(
    '%s finds its fault in an untidy package',
    async (id) => {
      const rules = RULES.filter((rule) => rule.id === id);
      const module = driverWith({ type: { name: 'tidy' } });
      expect(await failures(module, rules, FIXTURE)).toEqual([id]);
    },
  );

  it('import-clean names what an import changes', async () => {
    const rule = RULES.find(({ id }) => id === 'import-clean');
    expect(await rule?.check?.(new Trial(driverWith({}), { packageFolder: FIXTURE }))).toEqual([
      { subject: './index.mjs', problem: 'it changes the global variables' },
      { subject: './index.mjs', problem: 'it changes the listeners of the process' },
      { subject: './index.mjs', problem: 'it prints something' },
    ]);
  });
});

describe('the table of rules', () => {
  it('has at least 45 rules, each with an id of its own', () => {
    expect(RULES.length).toBeGreaterThanOrEqual(45);
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });

  it('has four fifths of them checked by the machine', () => {
    const machine = RULES.filter(({ check }) => check !== undefined);
    expect(machine.length / RULES.length).toBeGreaterThanOrEqual(0.8);
  });

  it('has all three grades', () => {
    expect(new Set(RULES.map(({ grade }) => grade))).toEqual(new Set(['bronze', 'silver', 'gold']));
  });
});
