import { hasProc } from '../../support/processes.js';
import { describeOnlyWhere, hasProgram } from '../../support/require.js';
import { soak } from './soak.js';

const ROUNDS = 4;
const SEED = 7;

describeOnlyWhere(hasProc, 'processes are found in /proc')('a short soak', () => {
  it('loses no job, runs none twice and leaves no lock', async () => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    const report = await soak({ rounds: ROUNDS, seed: SEED, withRedis: hasProgram('redis-server'), say });
    expect(report).toMatchObject({ lost: [], doubled: [], stuck: [] });
    expect(report.jobs).toBeGreaterThan(0);
    expect(report.succeeded).toBeGreaterThan(report.jobs / 2);
    expect(report.calls).toBeGreaterThan(report.jobs);
    expect(lines).toHaveLength(ROUNDS);
  }, 300_000);
});
