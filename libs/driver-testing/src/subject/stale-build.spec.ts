import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { staleBuild } from './stale-build.js';

describe('staleBuild', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-stale-'));
    write('package.json', 0, '{ "ferrule": { "drivers": { "rack": "./dist/index.js" } } }');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** @param time seconds */
  function write(path: string, time: number, text = ''): void {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
    utimesSync(join(folder, path), time, time);
  }

  it('names the source that was changed after the build', () => {
    write('src/index.ts', 10);
    write('src/parts/client.ts', 30);
    write('dist/index.js', 20);
    expect(staleBuild(folder)).toBe(
      'src/parts/client.ts was changed after the build, which is what is checked: run "npm run build" first.',
    );
  });

  it('says nothing of a build that is newer, and of a package without one', () => {
    write('src/index.ts', 10);
    write('dist/index.js', 20);
    expect(staleBuild(folder)).toBeUndefined();
    rmSync(join(folder, 'src'), { recursive: true });
    expect(staleBuild(folder)).toBeUndefined();
  });
});
