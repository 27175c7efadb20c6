import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemberFile } from './member-files.js';
import { startOf } from './process-identity.js';

const NO_PID = 2 ** 22 + 1;

describe('the files of the members of a data folder', () => {
  let folder: string;
  let own: MemberFile;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-members-'));
    own = MemberFile.write(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function member(pid: number, start: string): void {
    writeFileSync(join(folder, 'members', `${pid}-other`), start);
  }

  it('know a member that lives by the start of its process', () => {
    expect(own.isAlone()).toBe(true);
    member(process.ppid, startOf(process.ppid) ?? '');
    expect(own.isAlone()).toBe(false);
  });

  it('know a member whose start is unknown by its id', () => {
    member(process.ppid, '');
    expect(own.isAlone()).toBe(false);
  });

  it.each([
    ['has ended', NO_PID, ''],
    ['has ended, and another has its id', process.ppid, 'another start'],
  ])('are removed if the process %s', (_why, pid, start) => {
    member(pid, start);
    expect(own.isAlone()).toBe(true);
    expect(readdirSync(join(folder, 'members'))).toHaveLength(1);
  });
});
