import { hasProc } from '../../support/processes.js';
import { describeOnlyWhere, hasProgram } from '../../support/require.js';
import { soak } from './soak.js';

const CHOICES = { rounds: 8, seed: 7, nodes: 40, apis: 2, conductors: 3, lease: 2_000 };

describeOnlyWhere(hasProc, 'processes are found in /proc')('a short soak of five processes', () => {
  it('loses no job, runs none twice, answers no call wrongly and leaves no lock', async () => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    const withRedis = hasProgram('redis-server');
    const report = await soak({ ...CHOICES, withRedis, say });
    expect(report.findings.all).toEqual([]);
    const { succeeded = 0, ...others } = report.jobs;
    expect(succeeded).toBeGreaterThan(Object.values(others).reduce((sum, each) => sum + each, 0));
    expect(report.answers['200']).toBeGreaterThan(0);
    expect(Object.keys(report.calls).join()).toContain('forwarded');
    expect(report.breaks['200']).toBeGreaterThan(0);
    expect(report.fleetNodes['succeeded']).toBeGreaterThan(0);
    expect(lines).toHaveLength(CHOICES.rounds + 1);
    expect(report.mostSessions).toBeGreaterThan(0);
  }, 300_000);
});
