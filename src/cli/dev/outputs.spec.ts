import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Outputs } from './outputs.js';

it('notices deleted files of the built package, once', () => {
  const path = mkdtempSync(join(tmpdir(), 'ferrule-outputs-'));
  const build = (): void => {
    mkdirSync(join(path, 'dist', 'parts'), { recursive: true });
    writeFileSync(join(path, 'dist', 'index.js'), '');
    writeFileSync(join(path, 'dist', 'parts', 'client.js'), '');
  };
  try {
    const outputs = new Outputs({ path, entries: [join(path, 'dist/index.js')] });
    build();
    expect(outputs.haveLostFiles()).toBe(false);
    rmSync(join(path, 'dist', 'parts', 'client.js'));
    expect(outputs.haveLostFiles()).toBe(true);
    build();
    expect(outputs.haveLostFiles()).toBe(false);
    rmSync(join(path, 'dist'), { recursive: true });
    // The compiler writes only what has changed.
    mkdirSync(join(path, 'dist'));
    writeFileSync(join(path, 'dist', 'index.js'), '');
    expect(outputs.haveLostFiles()).toBe(true);
    expect(outputs.haveLostFiles()).toBe(false);
  } finally {
    rmSync(path, { recursive: true });
  }
});
