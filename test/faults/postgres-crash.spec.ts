import { join } from 'node:path';
import { crashPostgres, hasProc, postmasterOf, signal, walwriterOf } from '../support/processes.js';
import { describeOnlyWhere } from '../support/require.js';
import { type DataDirectory, dataDirectory } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { hold, holdSoon, watchedNode } from './calls.js';

const ROUNDS = 3;

describeOnlyWhere(hasProc, 'processes are found in /proc')('a crash of PostgreSQL', () => {
  let directory: DataDirectory;
  let watch: WatchFile;
  beforeEach(async () => {
    directory = await dataDirectory();
    watch = new WatchFile(directory.path);
  });
  afterEach(() => directory.dispose());

  it('gives no second call a lock that is held, and repeats no fence', async () => {
    const service = await directory.start({ ...watch.env, FERRULE_LEASE: '9s' });
    const { http } = service;
    for (let round = 0; round < ROUNDS; round++) {
      const node = await watchedNode(http);
      const postmaster = postmasterOf(join(directory.path, 'data'));
      signal(walwriterOf(postmaster), 'SIGSTOP');
      const first = hold(http, node, `first-${round}`, 2500);
      await until(() => watch.has('begin', `first-${round}`));
      await crashPostgres(postmaster);
      await holdSoon(http, node, `next-${round}`);
      await first;
    }
    expect(watch.breaches()).toEqual([]);
    expect(watch.lines.filter(({ what }) => what === 'begin').length).toBeGreaterThanOrEqual(2 * ROUNDS);
    expect(await service.stop()).toBe(0);
  });
});
