import { constants } from 'node:os';
import { join } from 'node:path';
import { type Child, startTypeScript } from '../../support/child.js';
import { childrenOf, folderOf, hasProc, pidsWorkingIn } from '../../support/processes.js';
import { describeOnlyWhere, hasProgram } from '../../support/require.js';
import { until } from '../../support/until.js';

const CHOICES = ['--rounds', '1000', '--nodes', '5', '--conductors', '2'];
const MAIN = join(import.meta.dirname, 'main.ts');
/** Services, PostgreSQL and Redis. */
const FOLDERS = /^.*\/ferrule-(e2e|redis)-[^/]+/;

describeOnlyWhere(hasProc, 'processes are found in /proc')('a soak that is interrupted', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('leaves no process behind after %s', async (signal) => {
    const soak = startTypeScript(MAIN, [...CHOICES, ...(hasProgram('redis-server') ? [] : ['--no-redis'])]);
    try {
      for (let line = ''; !line.startsWith('round 1:');) line = await soak.line();
      // The first trouble may have killed some of them, which are started again.
      const count = hasProgram('redis-server') ? 2 : 1;
      await until(() => foldersOf(soak).length === count);
      const folders = foldersOf(soak);
      const others = () => folders.flatMap((folder) => pidsWorkingIn(folder));
      await until(() => others().length > 4);
      await soak.kill(signal);
      if (signal === 'SIGTERM') {
        expect(soak.process.exitCode).toBe(128 + constants.signals.SIGTERM);
        expect(soak.complaints).toContain('Stopped by SIGTERM.');
        expect(others()).toEqual([]);
      } else await until(() => others().length === 0);
    } finally {
      await soak.kill();
    }
  });
});

/** That its processes work in. */
function foldersOf({ process: { pid = 0 } }: Child): readonly string[] {
  const found = childrenOf(pid).flatMap((child) => FOLDERS.exec(folderOf(child))?.[0] ?? []);
  return [...new Set(found)];
}
