import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { subjectsIn, subjectsOfTarball } from './package-subjects.js';

describe('subjectsOfTarball', () => {
  let folder: string;
  let work: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-tarball-'));
    work = join(folder, 'work');
    mkdirSync(work);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const pack = (name: string, manifest: string) => {
    mkdirSync(join(folder, 'package'));
    writeFileSync(join(folder, 'package', name), manifest);
    execFileSync('tar', ['-czf', join(folder, 'old.tgz'), '-C', folder, 'package']);
  };

  it.each<[problem: string, make: () => void]>([
    ['cannot be read (ENOENT).', () => {}],
    ['is no tarball of "npm pack".', () => writeFileSync(join(folder, 'old.tgz'), 'no tarball')],
    ['is no tarball of "npm pack".', () => mkdirSync(join(folder, 'old.tgz'))],
    ['is no tarball of "npm pack".', () => pack('README.md', '')],
    [
      'has a package.json whose "name" holds control characters: remove them.',
      () => pack('package.json', '{ "name": "a\\u001b[31m", "ferrule": { "drivers": { "a": "./a.js" } } }'),
    ],
    ['declares no drivers in its package.json.', () => pack('package.json', '{}')],
  ])('says that a file %s', async (problem, make) => {
    make();
    const tarball = join(folder, 'old.tgz');
    const error = await subjectsOfTarball(tarball, work).catch((error: unknown) => error);
    expect(error).toMatchObject({ message: `${tarball} ${problem}` });
    expect(readdirSync(work)).toEqual([]);
  });

  it('says that a driver ends the process while it is imported', async () => {
    writeFileSync(
      join(work, 'package.json'),
      '{ "type": "module", "ferrule": { "drivers": { "a": "./a.mjs" } } }',
    );
    writeFileSync(join(work, 'a.mjs'), 'process.exit(3);');
    await expect(subjectsIn(work)).rejects.toThrow(
      `The file ./a.mjs of ${work} ends the process while it is imported. ` +
        'The driver called process.exit(3), which would end the service.',
    );
  });
});
