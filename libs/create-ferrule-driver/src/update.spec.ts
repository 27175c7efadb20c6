import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { DriverName } from './driver-name.js';
import { main } from './main.js';
import { writePackage } from './new-package.js';

const RECORD = '.create-ferrule-driver.json';

interface Written {
  files: Record<string, string>;
  manifest: { scripts: Record<string, string>; devDependencies: Record<string, string> };
}

describe('update', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-update-'));
    writePackage({ name: DriverName.parse('rack'), folder, language: 'javascript' });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const textOf = (path: string) => readFileSync(join(folder, path), 'utf8');
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  const change = <T>(path: string, by: (json: T) => void) => {
    const json = JSON.parse(textOf(path)) as T;
    by(json);
    write(path, `${JSON.stringify(json, null, 2)}\n`);
  };
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

  async function update(...options: string[]) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const code = await main(['update', folder, ...options], { stdout, stderr, stdin: undefined });
    return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
  }

  /** Makes the package one of an earlier generator, whose files had these texts; undefined: it had no such file. */
  function asWrittenEarlier(files: Readonly<Record<string, string | undefined>>): void {
    for (const [path, text] of Object.entries(files)) {
      if (text === undefined) rmSync(join(folder, path));
      else write(path, text);
      change<Written>(RECORD, ({ files }) => {
        if (text === undefined) delete files[path];
        else files[path] = hashOf(text);
      });
    }
  }

  const UP_TO_DATE = { code: 0, stdout: 'The package is up to date.\n', stderr: '' };

  it('has nothing to do in a new package', async () => {
    expect(await update()).toEqual(UP_TO_DATE);
  });

  it('leaves alone what the template did not change', async () => {
    write('src/rack.client.js', '// mine');
    rmSync(join(folder, 'README.md'));
    change<Written['manifest']>('package.json', ({ scripts }) => (scripts['lint'] = 'eslint .'));
    expect(await update('--write')).toEqual(UP_TO_DATE);
    expect(textOf('src/rack.client.js')).toBe('// mine');
  });

  it('tells what it would do, and changes nothing', async () => {
    const newest = textOf('src/decorate.js');
    asWrittenEarlier({ 'src/decorate.js': '// earlier', '.gitignore': undefined, 'src/old.js': '// gone' });
    expect(await update()).toEqual({
      code: 0,
      stdout:
        'To do:\n  add .gitignore\n  replace src/decorate.js\n  remove src/old.js\n  update .create-ferrule-driver.json\n\n' +
        'Nothing was changed. Add --write to do it.\n',
      stderr: '',
    });
    expect(textOf('src/decorate.js')).toBe('// earlier');

    expect((await update('--write')).stdout).toContain('Run npm install, npm run docs and npm test.');
    expect(textOf('src/decorate.js')).toBe(newest);
    expect(['.gitignore', 'src/old.js'].map((path) => existsSync(join(folder, path)))).toEqual([true, false]);
    expect(await update()).toEqual(UP_TO_DATE);
  });

  it('keeps a file that the author has changed, and writes the new one beside it', async () => {
    const newest = textOf('src/index.js');
    asWrittenEarlier({ 'src/index.js': '// earlier', 'src/old.js': '// gone' });
    write('src/index.js', '// mine');
    write('src/old.js', '// mine, too');
    const { stdout } = await update('--write');
    expect(stdout).toContain(
      'keep src/index.js, which you have changed, and write the new one to src/index.js.new',
    );
    expect(stdout).toContain('keep src/old.js, which you have changed, although new packages lack it');
    expect([textOf('src/index.js'), textOf('src/index.js.new')]).toEqual(['// mine', newest]);
    expect(textOf('src/old.js')).toBe('// mine, too');
    expect(await update()).toEqual(UP_TO_DATE);
  });

  it('merges package.json', async () => {
    const newest = JSON.parse(textOf('package.json')) as Written['manifest'];
    for (const path of [RECORD, 'package.json']) {
      change<Written | Written['manifest']>(path, (json) => {
        const { scripts, devDependencies } = 'manifest' in json ? json.manifest : json;
        scripts['docs'] = 'earlier';
        scripts['test'] = 'earlier';
        scripts['gone'] = 'earlier';
        delete devDependencies['zod'];
      });
    }
    change<Written['manifest'] & { version: string }>('package.json', (json) => {
      json.version = '3.0.0';
      json.scripts['test'] = 'mine';
      json.scripts['lint'] = 'eslint .';
    });
    const { stdout } = await update('--write');
    expect(stdout).toContain(
      '  change in package.json: scripts.docs, scripts.gone, devDependencies.zod\n' +
        '  keep in package.json what you have changed: scripts.test\n',
    );
    expect(JSON.parse(textOf('package.json'))).toEqual({
      ...newest,
      version: '3.0.0',
      scripts: { ...newest.scripts, test: 'mine', lint: 'eslint .' },
    });
    expect(await update()).toEqual(UP_TO_DATE);
  });

  it.each([
    [undefined, 'was not written by create-ferrule-driver: it has no readable .create-ferrule-driver.json.'],
    ['{', 'was not written by create-ferrule-driver: it has no readable .create-ferrule-driver.json.'],
    [
      '{ "name": "rack" }',
      '.create-ferrule-driver.json is damaged: take it from the history of the package.',
    ],
  ])('changes nothing in a folder with the record %j', async (record, message) => {
    if (record === undefined) rmSync(join(folder, RECORD));
    else write(RECORD, record);
    const { code, stderr } = await update('--write');
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });

  it('takes files with other ends of lines for unchanged', async () => {
    const newest = textOf('src/decorate.js');
    asWrittenEarlier({ 'src/decorate.js': 'const a = 1;\nconst b = 2;\n' });
    for (const path of ['src/decorate.js', 'src/index.js'])
      write(path, textOf(path).replaceAll('\n', '\r\n'));
    expect((await update('--write')).stdout).toContain('Done:\n  replace src/decorate.js\n  update ');
    expect(textOf('src/decorate.js')).toBe(newest);
  });

  it('leaves the reference page to the package', async () => {
    expect(Object.keys((JSON.parse(textOf(RECORD)) as Written).files)).not.toContain('REFERENCE.md');
    asWrittenEarlier({ 'src/decorate.js': '// earlier' });
    write('REFERENCE.md', '# mine');
    await update('--write');
    expect(textOf('REFERENCE.md')).toBe('# mine');
    expect(existsSync(join(folder, 'REFERENCE.md.new'))).toBe(false);
  });

  it.each<[message: string, damage: () => void]>([
    ['package.json is missing.', () => rmSync(join(folder, 'package.json'))],
    ['package.json is no JSON: ', () => write('package.json', '{')],
    ['package.json must hold a JSON object.', () => write('package.json', '[]')],
    [
      'src/index.js is a folder: it must be a file.',
      () => {
        rmSync(join(folder, 'src/index.js'));
        mkdirSync(join(folder, 'src/index.js'));
      },
    ],
    [
      'src/index.js is a symbolic link: it must be a file.',
      () => {
        renameSync(join(folder, 'src/index.js'), join(folder, 'elsewhere.js'));
        symlinkSync('../elsewhere.js', join(folder, 'src/index.js'));
      },
    ],
    [
      'src is a symbolic link: it must be a folder.',
      () => {
        renameSync(join(folder, 'src'), join(folder, 'elsewhere'));
        symlinkSync('elsewhere', join(folder, 'src'));
      },
    ],
    [
      'src/decorate.js.new is a folder: it must be a file.',
      () => {
        asWrittenEarlier({ 'src/decorate.js': '// older' });
        write('src/decorate.js', '// mine');
        mkdirSync(join(folder, 'src/decorate.js.new'));
      },
    ],
  ])('changes nothing when %s', async (message, damage) => {
    asWrittenEarlier({ '.gitignore': '# earlier' });
    damage();
    const { code, stdout, stderr } = await update('--write');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${folder}/${message}`);
    expect(textOf('.gitignore')).toBe('# earlier');
  });

  it.each([
    '../victim',
    '../../victim',
    '/victim',
    'src/../../victim',
    './src/index.js',
    'src/',
    '.',
    '..',
    'src\\..\\victim',
    '.git/config',
    'package.json',
  ])('changes nothing when the record names the file %j', async (path) => {
    const victim = join(folder, 'home', 'victim');
    const inside = join(folder, 'home', 'made');
    writePackage({ name: DriverName.parse('rack'), folder: inside, language: 'javascript' });
    writeFileSync(victim, 'precious');
    const record = join(inside, RECORD);
    const json = JSON.parse(readFileSync(record, 'utf8')) as Written;
    json.files[path] = hashOf('precious');
    writeFileSync(record, JSON.stringify(json));
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    expect(await main(['update', inside, '--write'], { stdout, stderr, stdin: undefined })).toBe(1);
    expect(String(stderr.read())).toBe(`${record} is damaged: take it from the history of the package.\n`);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });

  it.each([
    [['update', '--javascript'], 'update keeps the language of the package: leave out --javascript.'],
    [['rack', '--write'], '--write belongs to update: create-ferrule-driver update FOLDER --write.'],
  ])('refuses %j', async (args, message) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    expect(await main(args, { stdout, stderr, stdin: undefined })).toBe(2);
    expect(String(stderr.read())).toContain(message);
  });
});
