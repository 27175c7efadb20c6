import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { type DriverListings } from '../../../src/drivers/packages/list-drivers.js';
import { ferrule } from '../../support/ferrule.js';

const source = (name: string) => `
import { DriverModule, type ExclusiveTask, HardwareType, Passthru, VendorInterface } from '@ferrule/driver-kit';

export class Client {}

@VendorInterface({ name: '${name}' })
export class AcmeVendor {
  constructor(readonly client: Client) {}

  @Passthru({ http: ['POST'], description: 'Flash firmware.' })
  flash(task: ExclusiveTask) {
    return { node: task.node.uuid };
  }
}

@HardwareType({ name: '${name}', interfaces: { vendor: [AcmeVendor] } })
export class Acme {}

@DriverModule({ kit: 1, providers: [Client], hardwareTypes: [Acme] })
export default class AcmeDriver {}
`;

const EXPERIMENTAL = { experimentalDecorators: true };
const COMPILED: Readonly<Record<string, ts.CompilerOptions>> = {
  right: { ...EXPERIMENTAL, emitDecoratorMetadata: true },
  commonjs: { ...EXPERIMENTAL, emitDecoratorMetadata: true, module: ts.ModuleKind.CommonJS },
  'without-types': EXPERIMENTAL,
  standard: {},
};

describe('a driver that the TypeScript compiler wrote', () => {
  let folder: string;
  let problems: Map<string | null, readonly string[]>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-compiled-'));
    symlinkSync(resolve(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ workspaces: ['./*'] }));
    for (const [name, options] of Object.entries(COMPILED)) {
      const target = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
      const { outputText } = ts.transpileModule(source(name), { compilerOptions: { ...target, ...options } });
      const type = name === 'commonjs' ? 'commonjs' : 'module';
      const manifest = { name: `driver-${name}`, type, ferrule: { drivers: { [name]: './index.js' } } };
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'package.json'), JSON.stringify(manifest));
      writeFileSync(join(folder, name, 'index.js'), outputText);
    }
    const { stdout } = await ferrule(['drivers', '--json'], { FERRULE_DRIVER_ROOT: folder });
    const { drivers } = JSON.parse(stdout) as DriverListings;
    problems = new Map(drivers.map((driver) => [driver.name, driver.problems]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['right', 'commonjs'])('has no problem with the settings of the README: %s', (name) => {
    expect(problems.get(name)).toEqual([]);
  });

  it('has no types of parameters without emitDecoratorMetadata', () => {
    expect(problems.get('without-types')).toEqual([
      expect.stringMatching(
        /^Package driver-without-types, class AcmeVendor: parameter 1 of its constructor has no type at run time/,
      ),
    ]);
  });

  it('has no methods with standard decorators', () => {
    expect(problems.get('standard')).toEqual([
      expect.stringMatching(
        /^Package driver-standard, class AcmeVendor: its decorators are compiled as standard ones, .* set "exper/,
      ),
      expect.stringMatching(
        /^Package driver-standard, class AcmeVendor: parameter 1 of its constructor has no type/,
      ),
    ]);
  });
});
