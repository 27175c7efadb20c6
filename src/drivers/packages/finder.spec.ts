import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findDrivers } from './finder.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ferrule-finder-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: unknown): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

function pack(folder: string, name: string, drivers: Record<string, unknown>): void {
  write(`${folder}/package.json`, { name, version: '1.2.3', ferrule: { drivers } });
  write(`${folder}/index.js`, '');
}

describe('findDrivers', () => {
  it('finds the drivers of direct dependencies, and of those only', () => {
    write('package.json', { dependencies: { acme: '*' }, optionalDependencies: { '@x/other': '*' } });
    pack('node_modules/acme', 'acme', { 'acme-xr': './index.js' });
    pack('node_modules/@x/other', '@x/other', { other: './index.js' });
    pack('node_modules/stranger', 'stranger', { stranger: './index.js' });
    expect(findDrivers([root])).toEqual([
      {
        name: 'acme-xr',
        package: 'acme',
        version: '1.2.3',
        folder: join(root, 'node_modules/acme'),
        file: join(root, 'node_modules/acme/index.js'),
      },
      {
        name: 'other',
        package: '@x/other',
        version: '1.2.3',
        folder: join(root, 'node_modules/@x/other'),
        file: join(root, 'node_modules/@x/other/index.js'),
      },
    ]);
  });

  it('finds a dependency that is hoisted above its application', () => {
    write('apps/one/package.json', { dependencies: { acme: '*' } });
    pack('node_modules/acme', 'acme', { acme: './index.js' });
    expect(findDrivers([join(root, 'apps/one')]).map(({ name }) => name)).toEqual(['acme']);
  });

  it('finds workspaces, and lists a package that is also a dependency once', () => {
    write('package.json', { workspaces: ['libs/*', 'extra'], dependencies: { a: '*' } });
    pack('libs/a', 'a', { a: './index.js' });
    pack('extra', 'b', { b: './index.js' });
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(join(root, 'libs/a'), join(root, 'node_modules/a'));
    expect(findDrivers([root]).map(({ name, problem }) => [name, problem])).toEqual([
      ['a', undefined],
      ['b', undefined],
    ]);
  });

  it.each([
    ['a path outside the package', '../outside.js', 'is outside its package'],
    ['a file that does not exist', './missing.js', 'does not exist'],
    ['no path', 7, 'is not a path'],
  ])('says what is wrong with %s', (_, path, problem) => {
    write('package.json', { dependencies: { acme: '*' } });
    write('node_modules/outside.js', '');
    pack('node_modules/acme', 'acme', { acme: path });
    expect(findDrivers([root])[0]?.problem).toContain(problem);
  });

  it('refuses a link that leads out of the package', () => {
    write('package.json', { dependencies: { acme: '*' } });
    write('outside.js', '');
    pack('node_modules/acme', 'acme', { acme: './link.js' });
    symlinkSync(join(root, 'outside.js'), join(root, 'node_modules/acme/link.js'));
    expect(findDrivers([root])[0]?.problem).toContain('outside its package');
  });

  it('reports a name that two packages declare, with both places', () => {
    write('package.json', { dependencies: { one: '*', two: '*' } });
    pack('node_modules/one', 'one', { acme: './index.js' });
    pack('node_modules/two', 'two', { acme: './index.js' });
    expect(findDrivers([root]).map(({ problem }) => problem)).toEqual([
      'two declares the same name',
      'one declares the same name',
    ]);
  });

  it('finds nothing without an application, or with a broken manifest', () => {
    expect(findDrivers([join(root, 'nowhere')])).toEqual([]);
    write('package.json', '{ broken');
    expect(findDrivers([root])).toEqual([]);
  });
});
