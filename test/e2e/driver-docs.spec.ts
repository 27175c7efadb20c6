import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  readdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { block, ROOT } from '../support/readme.js';

const textOf = (name: string) => readFileSync(join(ROOT, 'docs/drivers', name), 'utf8');
const RECIPES = textOf('recipes.md');
const REFERENCE = textOf('reference.md');
const FROM_IRONIC = textOf('from-ironic.md');

/** Files of the recipes: a path and the block after it. */
function recipes(): [path: string, text: string][] {
  const found = RECIPES.matchAll(/`(src\/[\w.-]+\.ts)`:\n\n```ts\n([\s\S]*?)```/g);
  return [...found].map(([, path = '', text = '']) => [path, text]);
}

/** The pieces of the page as one file. */
function ported(): string {
  const ts = (heading: string, place = 0) => block(heading, 'ts', place, FROM_IRONIC);
  return [
    "import * as kit from '@ferrule/driver-kit';",
    'import {',
    '  DriverModule, DriverPassthru, type DriverTask, type ExclusiveTask, HardwareType, InvalidParameterValue,',
    '  MissingParameterValue, NoVendor, Passthru, type SharedTask, VendorInterface,',
    "} from '@ferrule/driver-kit';",
    "import { z } from 'zod';",
    'export class AcmeClient {',
    '  async flash(_address: string, _image: string, signal: AbortSignal) { signal.throwIfAborted(); }',
    '}',
    ts('validate and properties'),
    ts('A method, line by line')
      .replace(/^ *args: FlashArgs,\n/m, (line) => line + ts('validate and properties', 2))
      .replace(/}\n$/, `\n${ts('validate and properties', 1)}\n${ts('Driver-level methods')}}\n`),
    ts('The hardware type'),
    // The errors that the page names.
    'export const ERRORS = [kit.InvalidParameterValue, kit.MissingParameterValue, kit.UnsupportedDriverExtension,',
    '  kit.NotFound, kit.Conflict, kit.BmcError];',
  ].join('\n');
}

describe('the pages for authors of drivers', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-driver-docs-'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "name": "ferrule-driver-acme", "type": "module" }');
    cpSync(
      join(ROOT, 'libs/create-ferrule-driver/templates/typescript/tsconfig.json'),
      join(folder, 'tsconfig.json'),
    );
    for (const [path, text] of [...recipes(), ['src/ported.ts', ported()] as const]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    writeFileSync(join(folder, 'plain.js'), block('Plain JavaScript', 'js', 0, REFERENCE));
    cpSync(join(ROOT, 'test/fixtures/driver-docs'), join(folder, 'test'), { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('have code that compiles, and does what they say', () => {
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], {
      cwd: folder,
      stdio: 'pipe',
    });
    // By name: Node 22 and 24 take no folder.
    const tests = readdirSync(join(folder, 'test')).map((name) => join('test', name));
    const own = Object.entries(process.env).filter(([name]) => !/^(?:JEST|NODE_)/.test(name));
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--test', '--test-reporter=tap', ...tests, 'dist/acme-redfish.test.js'],
      {
        cwd: folder,
        env: Object.fromEntries(own),
        encoding: 'utf8',
        timeout: 150_000,
      },
    );
    expect(`${stdout.match(/^ *not ok .*[\s\S]*/m)?.[0] ?? ''}${status}`).toBe('0');
    expect(stdout.match(/^# pass (\d+)$/m)?.[1]).toBe('17');
  });
});
