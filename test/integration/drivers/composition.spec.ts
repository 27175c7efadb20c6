import { fileURLToPath } from 'node:url';
import { INTERFACE_KINDS, type InterfaceKind } from '@ferrule/driver-kit';
import { composeDrivers, type Selection } from '../../../src/drivers/packages/composition.js';
import { type AvailableDriver } from '../../../src/drivers/packages/driver-package.js';

const available = (name: string, file = name): AvailableDriver => ({
  name,
  package: `@odd/${name}`,
  version: '1.0.0',
  folder: fileURLToPath(new URL('../../fixtures/odd-drivers', import.meta.url)),
  file: fileURLToPath(new URL(`../../fixtures/odd-drivers/${file}.mjs`, import.meta.url)),
});

const ALL = [
  'good',
  'bad-methods',
  'bad-options',
  'other-kit',
  'rival',
  'no-module',
  'throws',
  'bare-schema',
].map((name) => available(name));

type InterfaceSettings = Selection['interfaces'][InterfaceKind];

function settings(
  enabledHardwareTypes: string[],
  interfaces: Partial<Record<InterfaceKind, InterfaceSettings>> = {},
): Selection {
  const none: InterfaceSettings = {};
  return {
    enabledHardwareTypes,
    interfaces: Object.fromEntries(
      INTERFACE_KINDS.map((kind) => [kind, interfaces[kind] ?? none]),
    ) as Selection['interfaces'],
  };
}

async function reasonsOf(...args: Parameters<typeof settings>): Promise<readonly string[]> {
  return (await composeDrivers(ALL, settings(...args))).reasons;
}

async function composed(...args: Parameters<typeof settings>) {
  return (await composeDrivers(ALL, settings(...args))).drivers;
}

describe('putting drivers together', () => {
  it('enables all interfaces of a type, and takes the first as default', async () => {
    const [good] = await composed(['good']);
    expect(good?.enabled.vendor).toEqual(['first', 'second', 'no-vendor']);
    expect(good?.defaults).toMatchObject({
      vendor: 'first',
      power: 'good',
      bios: 'no-bios',
      network: 'noop',
    });
  });

  it("takes the default by the type's order, not by that of the setting", async () => {
    const [good] = await composed(['good'], { vendor: { enabled: ['no-vendor', 'second'] } });
    expect(good?.enabled.vendor).toEqual(['second', 'no-vendor']);
    expect(good?.defaults.vendor).toBe('second');
  });

  it('takes the configured default', async () => {
    const [good] = await composed(['good'], { vendor: { default: 'second' } });
    expect(good?.defaults.vendor).toBe('second');
  });

  it('does not load a driver that is not enabled, even if it is broken', async () => {
    expect(await composed(['good'])).toHaveLength(1);
  });

  it.each([
    ['no type', [], /No hardware type is enabled/],
    [
      'types that are not installed',
      ['nowhere', 'good', 'nobody'],
      /hardware types nowhere, nobody\. Available: good.*\. FERRULE_DRIVER_ROOT must name the folder of an app/,
    ],
    ['a package that throws', ['throws'], /'throws' of package @odd\/throws .*: its native part is missing/],
    ['a package without a module', ['no-module'], /has no @DriverModule/],
    ['another major of the kit', ['other-kit'], /written for kit 2, this host has kit 1/],
    ['settings of another kind', ['bare-schema'], /settings are not a class made with Settings\(\)/],
    ['an undecorated interface', ['rival'], /UndecoratedVendor has no @VendorInterface/],
    [
      'two classes of one name',
      ['good', 'rival'],
      /Two different classes declare the vendor interface 'first'/,
    ],
  ] as const)('refuses %s', async (_, types, reason) => {
    expect(await reasonsOf([...types])).toContainEqual(expect.stringMatching(reason));
  });

  it.each<[string, Partial<Record<InterfaceKind, InterfaceSettings>>, RegExp]>([
    [
      'an interface that does not exist',
      { vendor: { enabled: ['first', 'typo'] } },
      /no vendor interface 'typo'/,
    ],
    ['no interface that the type supports', { power: { enabled: ['noop'] } }, /no enabled power interface/],
    ['a default that the type does not support', { vendor: { default: 'bad' } }, /does not support .* 'bad'/],
    [
      'a default that is not enabled',
      { vendor: { enabled: ['first'], default: 'second' } },
      /'second', which FERRULE_DEFAULT_VENDOR_INTERFACE names: it is not enabled/,
    ],
  ])('refuses %s', async (_, interfaces, reason) => {
    expect(await reasonsOf(['good'], interfaces)).toContainEqual(expect.stringMatching(reason));
  });

  it('allows an enabled interface that only a type which is not enabled supports', async () => {
    expect(await reasonsOf(['good'], { vendor: { enabled: ['first', 'bad'] } })).toEqual([]);
  });

  it('reports all errors in the methods of an interface', async () => {
    expect(await reasonsOf(['bad-methods'])).toEqual([
      expect.stringContaining("Method 'methods' has a reserved name"),
      expect.stringContaining("argument with the reserved name 'task'"),
      expect.stringContaining("argument with the reserved name 'http_method'"),
      expect.stringContaining("Method 'three' has a timeout of 0"),
      expect.stringContaining("Method 'four' has an unknown verb FETCH"),
      expect.stringContaining("'soon' is not a duration"),
      expect.stringContaining("Method 'a/b' has a name that is not a path segment"),
      expect.stringContaining("Method 'a/b' has no HTTP verb"),
      expect.stringContaining("Method 'a/b' has the timeout '30d', which is longer than 24 days"),
      expect.stringContaining("more than one node method 'same'"),
    ]);
  });

  it('reports the options that TypeScript would refuse, and what they may be', async () => {
    const known = 'it may have http, name, async, attach, description, args, timeout';
    expect(await reasonsOf(['bad-options', 'nowhere'])).toEqual([
      expect.stringContaining('hardware types nowhere'),
      ...[
        "Method 'no_options' has a wrong option 'http': it must be a list of HTTP verbs.",
        "Method 'one_verb' has a wrong option 'http': it must be a list of HTTP verbs.",
        "Method 'text_args' has a wrong option 'args': it must be a z.object of zod 4.",
        `Method 'bad_lock' has a wrong option 'lock': Invalid option: expected one of "exclusive"|"shared".`,
        `Method 'misspelt' has unknown options: locks; ${known}, lock.`,
        `Method 'driver_lock' has unknown options: lock; ${known}.`,
      ].map((problem) => `Vendor interface 'loose': ${problem}`),
    ]);
  });

  it('reports all errors together', async () => {
    const reasons = await reasonsOf(['throws', 'nowhere', 'other-kit', 'good'], { vendor: { default: 'x' } });
    expect(reasons).toHaveLength(4);
  });
});
