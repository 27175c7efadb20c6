import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canReach, nobody } from './account.js';

describe('nobody', () => {
  it('is read from the list of users', () => {
    expect(nobody('root:x:0:0::/root:/bin/sh\nnobody:x:99:98:::\n')).toEqual({ uid: 99, gid: 98 });
    expect(nobody('nobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false\n')).toEqual({
      uid: 4_294_967_294,
      gid: 4_294_967_294,
    });
    expect(nobody('')).toEqual({ uid: 65_534, gid: 65_534 });
  });
});

describe('canReach', () => {
  const stranger = { uid: 54_321, gid: 54_321 };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-reach-'));
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'inner', 'file'), '');
    chmodSync(folder, 0o711);
    chmodSync(join(folder, 'inner'), 0o755);
    chmodSync(join(folder, 'inner', 'file'), 0o644);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('requires access to every folder above', () => {
    const file = join(folder, 'inner', 'file');
    expect(canReach(stranger, file)).toBe(true);
    chmodSync(folder, 0o700);
    expect(canReach(stranger, file)).toBe(false);
  });

  it('requires a file to be readable and a folder to be enterable', () => {
    chmodSync(join(folder, 'inner', 'file'), 0o600);
    expect(canReach(stranger, join(folder, 'inner', 'file'))).toBe(false);
    expect(canReach(stranger, join(folder, 'inner'))).toBe(true);
    chmodSync(join(folder, 'inner'), 0o744);
    expect(canReach(stranger, join(folder, 'inner'))).toBe(false);
  });
});
