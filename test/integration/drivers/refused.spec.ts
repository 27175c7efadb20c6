import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DriverListings } from '../../../src/drivers/packages/list-drivers.js';
import { ferrule, FIXTURES } from '../../support/ferrule.js';

const ROOT = join(FIXTURES, 'refused');
const OPTIONS =
  'http, name, async, attach, description, args, returns, effect, since, deprecated, validate, timeout, lock, rehearsal';
const KINDS =
  'bios, boot, console, deploy, firmware, inspect, management, network, power, raid, rescue, storage, vendor';
const NOT_PROVIDED =
  "which nothing provides; add it to the providers of the package's @DriverModule, or import a module that exports it.";
const DATE = 'take z.iso.datetime(), and make the date of it with .transform((text) => new Date(text)).';
const EXAMPLE = '"ferrule": { "drivers": { "acme-xr": "./dist/index.js" } }.';

const env = (...enabled: string[]) => ({
  FERRULE_DRIVER_ROOT: ROOT,
  FERRULE_ENABLED_HARDWARE_TYPES: enabled.join(','),
});

async function listings(...enabled: string[]): Promise<DriverListings & { readonly code: number }> {
  const { code, stdout } = await ferrule(['drivers', '--json'], env(...enabled));
  return { ...(JSON.parse(stdout) as DriverListings), code };
}

/** The message of a start that is refused, without the folder of the fixtures. */
async function refusal(...enabled: string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-refused-'));
  try {
    const settings = { ...env(...enabled), FERRULE_DATA_DIR: join(folder, 'data') };
    const { code, stderr, stdout } = await ferrule(['serve'], settings);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    // Nothing was begun: the database has a folder here once it is opened.
    expect(readdirSync(folder)).toEqual([]);
    return stderr.trimEnd().replaceAll(ROOT, '.').split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the problems of driver packages', () => {
  let all: DriverListings & { readonly code: number };
  beforeAll(async () => {
    all = await listings('fake-hardware');
  });

  const problemsOf = (name: string) => [
    ...new Set(
      all.drivers
        .filter((driver) => driver.package === name)
        .flatMap(({ problems }) => problems)
        .map((text) => text.replaceAll(ROOT, '.').replace(`Package ${name}`, '')),
    ),
  ];

  it('are arguments that JSON Schema cannot say, with their methods', () => {
    const method = (name: string, problem: string) =>
      `, class ArgumentsVendor, method ${name}: it ${problem}`;
    const asynchronous = (what: string) =>
      `has an asynchronous check or transform of ${what}; check in the method instead.`;
    const saysNot = (argument: string, type: string) =>
      `has the argument '${argument}' of type ${type}, which JSON Schema cannot say;`;
    expect(problemsOf('driver-arguments')).toEqual([
      method('aDate', `${saysNot('until', 'date')} ${DATE}`),
      method('aBigint', `${saysNot('size', 'bigint')} take z.int(), or a text and .transform(BigInt).`),
      method('aMap', `${saysNot('labels', 'map')} take z.record().`),
      method('aSet', `${saysNot('slots', 'set')} take z.array().`),
      method('aSymbol', `${saysNot('kind', 'symbol')} take z.enum().`),
      method('aClass', `${saysNot('at', 'custom')} take a schema of JSON, and check it with .refine().`),
      method('aNested', `${saysNot('windows.from', 'date')} ${DATE}`),
      method(
        'aTransform',
        `${saysNot('slot', 'transform')} take a schema of JSON, and add .transform() to it.`,
      ),
      method('anAsyncRefinement', asynchronous("the argument 'name'")),
      method('anAsyncTransform', asynchronous("the argument 'name'")),
      method('anAsyncWhole', asynchronous('its arguments')),
      method('aPromise', "has an argument 'name' that is a promise; take what it resolves to."),
      method('noObject', "has a wrong option 'args': it must be a z.object of zod 4."),
      method('aPipe', "has a wrong option 'args': it must be a z.object of zod 4."),
    ]);
  });

  it('are constructor parameters that nothing provides, in all classes', () => {
    const place = (name: string, position: number) =>
      `, class ${name}: parameter ${position} of its constructor needs`;
    expect(problemsOf('driver-providers')).toEqual([
      `${place('Pool', 1)} POOL_SIZE, ${NOT_PROVIDED}`,
      `${place('ProvidersVendor', 2)} Client, ${NOT_PROVIDED}`,
      `${place('Pool', 2)} Client, ${NOT_PROVIDED}`,
      `${place('Pool', 3)} PoolSettings, which nothing provides; name it as \`settings\` of the package's @DriverModule.`,
      `, class Cache: parameter 1 needs Clock, ${NOT_PROVIDED}`,
    ]);
  });

  it('are constructor parameters whose types the compiler did not write', () => {
    expect(problemsOf('driver-untyped')).toEqual([
      ', class Untyped: parameter 2 of its constructor has no type at run time, so nothing can be injected; compile ' +
        'with tsc and "emitDecoratorMetadata": true (esbuild and tsx do not write types), or mark it with @Inject(…), ' +
        'in plain JavaScript Inject(…)(Untyped, undefined, 1).',
      ', class TypeOnly: parameter 1 of its constructor has no class at run time; import its class without "type", and ' +
        'not from a file that imports this one, or mark it with @Inject(…), in plain JavaScript ' +
        'Inject(…)(TypeOnly, undefined, 0).',
      ', class TypeOnly: parameter 2 of its constructor has no class at run time; import its class without "type", and ' +
        'not from a file that imports this one, or mark it with @Inject(…), in plain JavaScript ' +
        'Inject(…)(TypeOnly, undefined, 1).',
    ]);
  });

  it.each([
    [
      'standard decorators',
      'driver-standard-decorators',
      [
        ', class StandardVendor: its decorators are compiled as standard ones, so its methods are unknown; set ' +
          '"experimentalDecorators": true and "emitDecoratorMetadata": true in tsconfig.json.',
      ],
    ],
    [
      'a vendor interface without methods',
      'driver-no-methods',
      [
        ', class EmptyVendor: it has no method with @Passthru, @DriverPassthru or @Periodic; for a node without methods use NoVendor.',
      ],
    ],
    [
      'decorators of methods that the class does not have',
      'driver-no-such-method',
      [
        ", class AcmeVendor, method setLeds: it is decorated, but the class has no method of this name; did you mean 'setLed'?",
        ', class AcmeVendor, method led: it is decorated, but the class has no method of this name.',
        ', class AcmeVendor, method readSensors: it is decorated, but the class has no method of this name.',
      ],
    ],
    [
      'a passthru method that is named as the check of the interface',
      'driver-named-validate',
      [
        ", class ValidateVendor, method validate: it has the name of the interface's check; name the method differently " +
          "and give it `name: 'validate'`.",
      ],
    ],
    [
      'decorators that were not compiled',
      'driver-raw-decorators',
      [
        ": ./raw-decorators/vendor.js:3 has a decorator, which Node cannot run: @VendorInterface({ name: 'raw' }). " +
          'Compile it with tsc and "experimentalDecorators": true, or call the decorator as a function.',
      ],
    ],
    [
      'a module that throws',
      'driver-throws',
      [
        ': ./throws/firmware.mjs:4 throws while it is imported: Error: ENOENT: no such file or directory, open ' +
          "'./throws/nowhere.json'.",
      ],
    ],
    [
      'a missing package',
      'driver-lacks-a-package',
      [
        ": ./lacks-a-package/index.mjs:2 throws while it is imported: Error: Cannot find package 'acme-client'.",
      ],
    ],
    [
      'a CommonJS module that throws',
      'driver-commonjs-throws',
      [
        ": ./commonjs-throws/index.cjs:3 throws while it is imported: Error: Cannot find module 'acme-client/lib'.",
      ],
    ],
    [
      'a package.json without the entry',
      'ferrule-driver-no-entry',
      [`: its package.json has no entry "ferrule", so it provides no hardware type; add ${EXAMPLE}`],
    ],
    [
      'a malformed entry',
      'driver-malformed-entry',
      [
        ': the entry "ferrule" of its package.json names no hardware type: it is {"drivers":["./index.mjs"]}, and must ' +
          `be like ${EXAMPLE}`,
      ],
    ],
    [
      'names that the package.json and the module do not share',
      'driver-other-names',
      [
        ": package.json has the hardware type 'absent', but its module ./other-names/index.mjs does not; that has: " +
          'present, unlisted.',
        ', class Unlisted: hardware type \'unlisted\' is not in "ferrule.drivers" of package.json, so it cannot be ' +
          'enabled; add it.',
      ],
    ],
    [
      'a package that is found twice',
      'driver-twice',
      [
        ': it is installed twice, as driver-twice@1.0.0 in ./twice-here and driver-twice@1.0.0 in ./twice-there; ' +
          'remove one of them.',
      ],
    ],
    [
      'misspelt options of a module',
      'driver-misspelt-module',
      [
        ", class MisspeltModuleDriver: its @DriverModule has an unknown option 'provider' (did you mean 'providers'?); it " +
          'may have kit, hardwareTypes, imports, providers, settings, handlesAllErrors.',
      ],
    ],
    ['CommonJS with exports.default, which works', 'driver-commonjs', []],
  ])('are %s', (_, name, problems) => {
    expect(problemsOf(name)).toEqual(problems);
  });

  it('are lines of TypeScript, with the file', () => {
    // The words are those of the JavaScript engine.
    expect(problemsOf('driver-type-syntax')).toEqual([
      expect.stringMatching(
        /^: \.\/type-syntax\/index\.mjs:1 throws while it is imported: SyntaxError: [^\n]+\.$/,
      ),
    ]);
  });

  it('are misspelt options and missing descriptions', () => {
    const vendor = ', class MisspeltVendor';
    expect(problemsOf('driver-misspelt')).toEqual([
      ", class Misspelt: its @HardwareType has an unknown option 'driverinfo' (did you mean 'driverInfo'?); it may have " +
        'name, description, driverInfo, interfaces.',
      `${vendor}: its @VendorInterface has an unknown option 'names' (did you mean 'name'?); it may have name.`,
      `${vendor}, method locks: it has an unknown option 'locks' (did you mean 'lock'?); it may have ${OPTIONS}.`,
      `${vendor}, method locks: it has an unknown option 'colour'; it may have ${OPTIONS}.`,
      `${vendor}, method undescribed: it has no option 'description': it must be one sentence for the listing.`,
      `${vendor}, method blank: it has a wrong option 'description': it must be one sentence for the listing.`,
      ", class Vendors: its @HardwareType has no option 'interfaces.vendor': it must be a list of classes.",
      ", class Vendors: its @HardwareType has an unknown option 'interfaces.vendors' (did you mean 'vendor'?); it may have " +
        `${KINDS}.`,
    ]);
  });

  it('are wrong options of periodic methods', () => {
    const method = (name: string, problem: string) =>
      `, class PeriodicVendor, method ${name}: its @Periodic ${problem}`;
    expect(problemsOf('driver-periodic')).toEqual([
      method('misspelt', "has no option 'every': it must be a duration like '5m'."),
      method(
        'misspelt',
        "has an unknown option 'evry' (did you mean 'every'?); it may have every, scope, lock, timeout, description.",
      ),
      method(
        'endless',
        "has a wrong option 'every': 'always' is not a duration; write for example '30s' or '5m'.",
      ),
      method('hasty', "has the interval '10ms'; it may be from 1 second to 20 days."),
      method('locking', "has an option 'lock', but with the scope driver there is no node to lock."),
      method('scoped', "has a wrong option 'scope': it must be node or driver."),
      method('instant', 'has a timeout of 0.'),
      method('patient', "has the timeout '25d', which is longer than 24 days."),
      method('timed', "has a wrong option 'timeout': it must be a duration like '30m'."),
      ", class PeriodicVendor, method validate: it has the name of the interface's check; name the method differently.",
    ]);
  });

  it('are wrong options of shared modules, also behind an ordinary module', () => {
    const module = ', class PoolModule: its @SharedModule';
    expect(problemsOf('driver-shared')).toEqual([
      `${module} has no option 'package': it must be the name of the package.`,
      `${module} has a wrong option 'providers': it must be a list.`,
      `${module} has a wrong option 'settings': it must be a class made with Settings().`,
      `${module} has an unknown option 'pakage' (did you mean 'package'?); it may have package, providers, imports, settings.`,
    ]);
  });

  it('stop nothing and are warnings while none of the affected hardware types is enabled', () => {
    expect(all.code).toBe(0);
    expect(all.reasons).toEqual([]);
    const listed = all.drivers.flatMap(({ problems }) => problems);
    expect([...all.warnings].sort()).toEqual([...new Set(listed)].sort());
  });
});

describe('ferrule drivers with problems of enabled hardware types', () => {
  it('ends with exit code 1, and tells them from the others', async () => {
    const { code, stdout } = await ferrule(['drivers'], env('no-methods', 'commonjs'));
    expect(code).toBe(1);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^NAME +PACKAGE +VERSION +ENABLED +PROBLEMS$/);
    expect(lines).toContainEqual(expect.stringMatching(/^no-methods +driver-no-methods +1\.0\.0 +yes +1$/));
    expect(lines).toContainEqual(expect.stringMatching(/^commonjs +driver-commonjs +1\.0\.0 +yes$/));
    expect(lines).toContainEqual(expect.stringMatching(/^- +ferrule-driver-no-entry +- +no +1$/));
    expect(lines).toContainEqual(
      expect.stringMatching(/^NAME +PERIODIC METHOD +EVERY +SCOPE +LOCK +DESCRIPTION$/),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^periodic +periodic\.fine +5m +node +shared +Read the sensors\.$/),
    );
    const first = lines.indexOf('The service cannot start with the enabled hardware types:');
    expect(lines[first + 1]).toMatch(/^ {2}- Package driver-no-methods, class EmptyVendor: /);
    expect(lines.slice(first + 2, first + 4)).toEqual(['', 'Problems that affect no enabled hardware type:']);
  });
});

describe('ferrule serve with driver packages that have problems', () => {
  it('reports all problems of the enabled ones together, before it opens the database', async () => {
    expect(await refusal('throws', 'no-methods', 'untyped', 'twice', 'fake-hardware')).toEqual([
      'The configuration is wrong:',
      expect.stringMatching(/^ {2}- Package driver-twice: it is installed twice/),
      expect.stringMatching(/^ {2}- Package driver-throws: \.\/throws\/firmware\.mjs:4 throws/),
      expect.stringMatching(/^ {2}- Package driver-no-methods, class EmptyVendor: it has no method/),
      expect.stringMatching(/^ {2}- Package driver-untyped, class Untyped: parameter 2/),
      expect.stringMatching(/^ {2}- Package driver-untyped, class TypeOnly: parameter 1/),
      expect.stringMatching(/^ {2}- Package driver-untyped, class TypeOnly: parameter 2/),
    ]);
  });

  it('names the packages that may have a hardware type that is nowhere', async () => {
    expect(await refusal('unlisted', 'nowhere', 'fake-hardware')).toEqual([
      'The configuration is wrong:',
      expect.stringMatching(/^ {2}- No installed package has the hardware types nowhere\. /),
      expect.stringMatching(
        /^ {2}- Package driver-other-names, class Unlisted: hardware type 'unlisted' is not/,
      ),
      expect.stringMatching(/^ {2}- Package driver-malformed-entry: the entry "ferrule"/),
      expect.stringMatching(/^ {2}- Package ferrule-driver-no-entry: its package\.json has no entry/),
    ]);
  });

  it('tells the package that ends the process', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-refused-'));
    try {
      const driver = {
        name: 'driver-ends',
        version: '1.0.0',
        type: 'module',
        ferrule: { drivers: { ends: './index.js' } },
      };
      mkdirSync(join(folder, 'ends'));
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'app', workspaces: ['./*'] }));
      writeFileSync(join(folder, 'ends', 'package.json'), JSON.stringify(driver));
      writeFileSync(join(folder, 'ends', 'index.js'), 'process.exit(0);');
      const { code, stderr } = await ferrule(['drivers'], { FERRULE_DRIVER_ROOT: folder });
      expect(code).toBe(1);
      expect(stderr).toContain('Package driver-ends@1.0.0: it ended the process while it was imported.');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
