import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { main } from './main.js';

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: object;
  readonly peerDependencies?: object;
  readonly devDependencies?: object;
}

describe('create-ferrule-driver', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-create-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(...args: string[]) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const code = await main(args, { stdout, stderr, stdin: undefined });
    return { code, stdout: text(stdout), stderr: text(stderr) };
  }
  const text = (stream: PassThrough) => String(stream.read() ?? '');
  const filesIn = (name: string) =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );

  it.each([
    ['typescript', [], 'ts'],
    ['javascript', ['--javascript'], 'js'],
  ])('writes a package in %s, without the name of the template', async (_language, options, extension) => {
    const result = await run('rack-9000', join(folder, 'made'), ...options);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain('npm run dev');
    const files = filesIn('made');
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'package.json',
        '.gitignore',
        `index.${extension}`,
        `rack-9000.vendor.${extension}`,
      ]),
    );
    for (const file of files) {
      expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toMatch(/acme/i);
      expect(file.name).not.toMatch(/acme|template|^_/);
    }
    const manifest = JSON.parse(readFileSync(join(folder, 'made', 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({
      name: 'ferrule-driver-rack-9000',
      devDependencies: { ferrule: '^0.1.0' },
    });
  });

  it.each([
    ['typescript', [], 'dist'],
    ['javascript', ['--javascript'], 'src'],
  ])(
    'writes a package in %s that declares what it imports and runs every test',
    async (_, options, built) => {
      await run('rack', join(folder, 'made'), ...options);
      const manifest = JSON.parse(readFileSync(join(folder, 'made', 'package.json'), 'utf8')) as Manifest;
      const declared = {
        ...manifest.dependencies,
        ...manifest.peerDependencies,
        ...manifest.devDependencies,
      };
      const texts = filesIn('made/src').map(({ parentPath, name }) =>
        readFileSync(join(parentPath, name), 'utf8'),
      );
      const imported = texts.flatMap((text) =>
        [...text.matchAll(/ from '([^.'][^']*)'/g)].map(([, name]) => name),
      );
      expect(imported).toContain('@ferrule/driver-kit');
      const undeclared = imported.filter((name = '') => !name.startsWith('node:') && !(name in declared));
      expect(undeclared).toEqual([]);
      expect(manifest.scripts['test']).toMatch(new RegExp(`node --test ${built}/\\*\\.test\\.js$`));
    },
  );

  it('takes the packages of Ferrule from tarballs', async () => {
    for (const file of [
      'ferrule-0.1.0.tgz',
      'ferrule-driver-kit-0.1.0.tgz',
      'ferrule-redfish-0.2.0-rc.1.tgz',
      'x.tgz',
    ]) {
      writeFileSync(join(folder, file), '');
    }
    expect(await run('rack', join(folder, 'made'), '--tarballs', folder)).toMatchObject({ code: 0 });
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'made', 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({
      devDependencies: {
        ferrule: 'file:../ferrule-0.1.0.tgz',
        '@ferrule/driver-kit': 'file:../ferrule-driver-kit-0.1.0.tgz',
      },
      overrides: { '@ferrule/redfish': 'file:../ferrule-redfish-0.2.0-rc.1.tgz' },
    });
  });

  it.each<[what: string, put: (path: string) => void]>([
    ['a file', (path) => writeFileSync(path, 'mine')],
    ['a folder', (path) => mkdirSync(path)],
    ['a symbolic link', (path) => symlinkSync('../victim.json', path)],
    ['a symbolic link to nothing', (path) => symlinkSync('../nothing.json', path)],
  ])('changes nothing in a folder with %s', async (_, put) => {
    const made = join(folder, 'made');
    mkdirSync(made);
    writeFileSync(join(folder, 'victim.json'), 'precious');
    put(join(made, 'package.json'));
    expect(await run('rack', made)).toEqual({
      code: 1,
      stdout: '',
      stderr: `${made} is not empty: name a folder that is new or empty.\n`,
    });
    expect(readdirSync(made)).toEqual(['package.json']);
    expect(readdirSync(folder)).toEqual(['made', 'victim.json']);
    expect(readFileSync(join(folder, 'victim.json'), 'utf8')).toBe('precious');
  });

  it.each([
    ['a file', 'file', '(ENOTDIR)'],
    ['a path below a file', 'file/made', '(ENOTDIR)'],
  ])('refuses %s in place of a folder', async (_, path, code) => {
    writeFileSync(join(folder, 'file'), 'mine');
    expect(await run('rack', join(folder, path))).toMatchObject({
      code: 1,
      stderr: `${join(folder, path)} cannot be used ${code}: name a folder that is new or empty.\n`,
    });
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine');
  });

  it('refuses a folder where the system lets nobody make one', async () => {
    const path = existsSync('/proc/self') ? '/proc/made/there' : '/dev/null/there';
    const { code, stderr } = await run('rack', path);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\S+ cannot be used \(E\w+\): name a folder that is new or empty\.\n$/);
  });

  it('says that there is no folder of tarballs', async () => {
    const missing = join(folder, 'missing');
    expect(await run('rack', join(folder, 'made'), '--tarballs', missing)).toMatchObject({
      code: 1,
      stderr: `${missing} cannot be read (ENOENT): name the folder that "npm run pack" wrote in a checkout.\n`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('changes nothing when a tarball is missing', async () => {
    expect(await run('rack', join(folder, 'made'), '--tarballs', folder)).toMatchObject({
      code: 1,
      stderr: `${folder} has no tarball of ferrule: run "npm run pack" in a checkout.\n`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    [[], 'The name of the hardware type is missing.'],
    [['Rack'], "'Rack' cannot be the name of a hardware type: use lower-case letters"],
    [['rack', 'a', 'b'], 'Too many arguments: b.'],
    [['rack', '--typescript'], "Unknown option '--typescript'"],
  ])('says what is wrong with %j, and how it is used', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('Usage: npm create ferrule-driver@latest');
  });
});
