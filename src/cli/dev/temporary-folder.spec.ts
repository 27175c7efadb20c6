import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';

it('removes the folders of processes that have ended, and no others', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'ferrule-temporary-'));
  try {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const folders = [`ferrule-dev-${pid}-x`, `ferrule-dev-${process.ppid}-x`, `ferrule-dev-x`, 'other'];
    for (const name of folders) mkdirSync(join(parent, name, 'data'), { recursive: true });
    const made = await temporaryFolder(parent);
    expect(existsSync(made)).toBe(true);
    expect(folders.map((name) => existsSync(join(parent, name)))).toEqual([false, true, true, true]);
  } finally {
    rmSync(parent, { recursive: true });
  }
});
