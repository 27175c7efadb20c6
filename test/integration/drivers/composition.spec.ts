import { fileURLToPath } from 'node:url';
import { INTERFACE_KINDS, type InterfaceKind } from '@ferrule/driver-kit';
import { composeDrivers, type Selection } from '../../../src/drivers/packages/composition.js';
import { type AvailableDriver } from '../../../src/drivers/packages/driver-package.js';

const available = (name: string, file = name): AvailableDriver => ({
  name,
  package: `@odd/${name}`,
  version: '1.0.0',
  siblings: [name],
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
  return (await composeDrivers({ drivers: ALL, problems: [] }, settings(...args))).reasons;
}

async function composed(...args: Parameters<typeof settings>) {
  return (await composeDrivers({ drivers: ALL, problems: [] }, settings(...args))).drivers;
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
    [
      'a package that throws',
      ['throws'],
      /^Package @odd\/throws: .*throws\.mjs:1 throws .*: Error: its native part is missing\.$/,
    ],
    ['a package without a module', ['no-module'], /has no @DriverModule/],
    [
      'another major of the kit',
      ['other-kit'],
      /written for kit 2, this host has kit 1; install a version of the package for kit 1/,
    ],
    [
      'settings of another kind',
      ['bare-schema'],
      /^Package @odd\/bare-schema, class BareSchemaDriver: .* 'settings': it must be a class made with Settings\(\)/,
    ],
    [
      'an undecorated interface',
      ['rival'],
      /class UndecoratedVendor: it is a vendor interface of a hardware type, but has no @VendorInterface/,
    ],
    [
      'two classes of one name',
      ['good', 'rival'],
      /Several classes declare the vendor interface 'first': FirstVendor of package @odd\/good, RivalVendor of package/,
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
    const vendor = 'Package @odd/bad-methods, class BadVendor';
    expect(await reasonsOf(['bad-methods'])).toEqual([
      `${vendor}, method methods: it has the reserved name 'methods'.`,
      `${vendor}, method three: it has an argument with the reserved name 'task'.`,
      `${vendor}, method three: it has an argument with the reserved name 'http_method'.`,
      `${vendor}, method three: it has a timeout of 0.`,
      `${vendor}, method four: it has an unknown verb FETCH; there are GET, POST, PUT, PATCH, DELETE.`,
      expect.stringMatching(/, method four: it has an invalid timeout: 'soon' is not a duration.*\.$/),
      `${vendor}, method five: it has the name 'a/b', which is not a path segment.`,
      `${vendor}, method five: it has no HTTP verb.`,
      `${vendor}, method five: it has the timeout '30d', which is longer than 24 days.`,
      `${vendor}: it has more than one node method 'same': one, two.`,
    ]);
  });

  it('reports the options that TypeScript would refuse, and what they may be', async () => {
    const known =
      'it may have http, name, async, attach, description, args, returns, effect, since, deprecated, validate, timeout';
    expect(await reasonsOf(['bad-options', 'nowhere'])).toEqual([
      expect.stringContaining('hardware types nowhere'),
      ...[
        "noOptions: it has no option 'http': it must be a list of HTTP verbs.",
        "oneVerb: it has a wrong option 'http': it must be a list of HTTP verbs.",
        "textArgs: it has a wrong option 'args': it must be a z.object of zod 4.",
        `badLock: it has a wrong option 'lock': Invalid option: expected one of "exclusive"|"shared".`,
        `misspelt: it has an unknown option 'locks' (did you mean 'lock'?); ${known}, lock, rehearsal.`,
        `driverLock: it has an unknown option 'lock'; ${known}.`,
        "badCheck: it has a wrong option 'validate': it must be a function.",
      ].map((problem) => `Package @odd/bad-options, class LooseVendor, method ${problem}`),
    ]);
  });

  it('reports all errors together', async () => {
    const reasons = await reasonsOf(['throws', 'nowhere', 'other-kit', 'good'], { vendor: { default: 'x' } });
    expect(reasons).toHaveLength(4);
  });
});
