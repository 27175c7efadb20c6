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
    expect(findDrivers([root]).drivers).toEqual([
      {
        name: 'acme-xr',
        package: 'acme',
        version: '1.2.3',
        folder: join(root, 'node_modules/acme'),
        file: join(root, 'node_modules/acme/index.js'),
        siblings: ['acme-xr'],
      },
      {
        name: 'other',
        package: '@x/other',
        version: '1.2.3',
        folder: join(root, 'node_modules/@x/other'),
        file: join(root, 'node_modules/@x/other/index.js'),
        siblings: ['other'],
      },
    ]);
  });

  it('finds a dependency that is hoisted above its application', () => {
    write('apps/one/package.json', { dependencies: { acme: '*' } });
    pack('node_modules/acme', 'acme', { acme: './index.js' });
    expect(findDrivers([join(root, 'apps/one')]).drivers.map(({ name }) => name)).toEqual(['acme']);
  });

  it('finds workspaces, and lists a package that is also a dependency once', () => {
    write('package.json', { workspaces: ['libs/*', 'extra'], dependencies: { a: '*' } });
    pack('libs/a', 'a', { a: './index.js' });
    pack('extra', 'b', { b: './index.js' });
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(join(root, 'libs/a'), join(root, 'node_modules/a'));
    expect(findDrivers([root]).drivers.map(({ name, problem }) => [name, problem])).toEqual([
      ['a', undefined],
      ['b', undefined],
    ]);
  });

  it.each([
    ['a path outside the package', '../outside.js', 'is outside the package: ../outside.js.'],
    ['a file that does not exist', './missing.js', 'does not exist: ./missing.js; build the package first.'],
    ['no path', 7, 'must be a text like "./dist/index.js" in package.json, not 7.'],
  ])('says what is wrong with %s', (_, path, problem) => {
    write('package.json', { dependencies: { acme: '*' } });
    write('node_modules/outside.js', '');
    pack('node_modules/acme', 'acme', { 'acme-xr': path });
    expect(findDrivers([root]).drivers[0]?.problem).toBe(
      `Package acme: the file of its hardware type 'acme-xr' ${problem}`,
    );
  });

  it('refuses a link that leads out of the package', () => {
    write('package.json', { dependencies: { acme: '*' } });
    write('outside.js', '');
    pack('node_modules/acme', 'acme', { acme: './link.js' });
    symlinkSync(join(root, 'outside.js'), join(root, 'node_modules/acme/link.js'));
    expect(findDrivers([root]).drivers[0]?.problem).toContain('is outside the package');
  });

  it('reports a hardware type that two packages have, with both places', () => {
    write('package.json', { dependencies: { one: '*', two: '*' } });
    pack('node_modules/one', 'one', { acme: './index.js' });
    pack('node_modules/two', 'two', { acme: './index.js' });
    const { drivers } = findDrivers([root]);
    expect(new Set(drivers.map(({ problem }) => problem))).toEqual(
      new Set([
        `Several packages have the hardware type 'acme': one@1.2.3 in ${root}/node_modules/one and two@1.2.3 in ` +
          `${root}/node_modules/two; remove all but one.`,
      ]),
    );
  });

  it('reports a package that two roots have in different folders, with both paths', () => {
    for (const app of ['a', 'b']) {
      write(`${app}/package.json`, { dependencies: { acme: '*' } });
      pack(`${app}/node_modules/acme`, 'acme', { acme: './index.js', [`acme-${app}`]: './index.js' });
    }
    const { drivers } = findDrivers([join(root, 'a'), join(root, 'b')]);
    expect(drivers).toHaveLength(4);
    expect(new Set(drivers.map(({ problem }) => problem))).toEqual(
      new Set([
        `Package acme: it is installed twice, as acme@1.2.3 in ${root}/a/node_modules/acme and acme@1.2.3 in ` +
          `${root}/b/node_modules/acme; remove one of them.`,
      ]),
    );
  });

  it('takes a folder that two roots link to for one package', () => {
    pack('acme', 'acme', { acme: './index.js' });
    for (const app of ['a', 'b']) {
      write(`${app}/package.json`, { dependencies: { acme: '*' } });
      mkdirSync(join(root, app, 'node_modules'));
      symlinkSync(join(root, 'acme'), join(root, app, 'node_modules/acme'));
    }
    const { drivers } = findDrivers([join(root, 'a'), join(root, 'b')]);
    expect(drivers.map(({ name, problem }) => [name, problem])).toEqual([['acme', undefined]]);
  });

  it.each([
    [
      'an unreadable package.json',
      '{ broken',
      '/node_modules/ferrule-driver-acme/package.json is not a JSON object.',
    ],
    [
      'no entry',
      { name: 'ferrule-driver-acme' },
      'its package.json has no entry "ferrule", so it provides no hardware type; add ' +
        '"ferrule": { "drivers": { "acme-xr": "./dist/index.js" } }.',
    ],
    [
      'a misspelt entry',
      { name: 'ferrule-driver-acme', ferrule: { driver: { acme: './index.js' } } },
      'the entry "ferrule" of its package.json names no hardware type: it is {"driver":{"acme":"./index.js"}} (did you ' +
        'mean "drivers" by "driver"?), and must be like "ferrule": { "drivers": { "acme-xr": "./dist/index.js" } }.',
    ],
  ])('reports a driver with %s', (_, manifest, problem) => {
    write('package.json', { dependencies: { 'ferrule-driver-acme': '*' } });
    write('node_modules/ferrule-driver-acme/package.json', manifest);
    const { drivers, problems } = findDrivers([root]);
    expect(drivers).toEqual([]);
    expect(problems.map(({ text }) => text.replace(root, ''))).toEqual([
      `Package ferrule-driver-acme: ${problem}`,
    ]);
  });

  it('tells a driver by its keyword, too, and leaves other packages alone', () => {
    write('package.json', { dependencies: { acme: '*', other: '*', broken: '*' } });
    write('node_modules/acme/package.json', { name: 'acme', keywords: ['ferrule-driver'] });
    write('node_modules/other/package.json', { name: 'other', keywords: ['driver'] });
    write('node_modules/broken/package.json', '{ broken');
    expect(findDrivers([root]).problems.map((problem) => problem.package)).toEqual(['acme']);
  });

  it('reports an application whose package.json cannot be read', () => {
    write('package.json', '{ broken');
    const { drivers, problems } = findDrivers([root]);
    expect(drivers).toEqual([]);
    expect(problems.map(({ text }) => text)).toEqual([
      `The drivers of ${root} are not known: ${root}/package.json is not a JSON object.`,
    ]);
  });
});
