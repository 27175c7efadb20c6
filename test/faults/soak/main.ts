import { parseArgs } from 'node:util';
import { hasProgram } from '../../support/require.js';
import { soak } from './soak.js';

const USAGE = 'Usage: npm run soak -- [--rounds N] [--seed N] [--nodes N] [--no-redis] [--logs FOLDER]';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    nodes: { type: 'string', default: '200' },
    logs: { type: 'string' },
    redis: { type: 'boolean', default: hasProgram('redis-server') },
  },
  allowNegative: true,
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const [rounds, seed, nodes] = [values.rounds, values.seed, values.nodes].map(Number);
if (!isPositive(rounds) || !isPositive(nodes) || seed === undefined || !Number.isInteger(seed)) {
  console.error(USAGE);
  process.exit(2);
}

const place = values.redis ? 'Redis' : 'PostgreSQL';
console.log(`${rounds} rounds with seed ${seed} on ${nodes} nodes, the queue on ${place}`);
const say = (line: string): void => console.log(line);
const report = await soak({ rounds, seed, nodes, withRedis: values.redis, logs: values.logs, say });

for (const name of ['troubles', 'calls', 'answers', 'jobs', 'fleetNodes', 'breaks'] as const) {
  console.log(`${name}:`);
  for (const [what, times] of Object.entries(report[name]))
    console.log(`${String(times).padStart(7)} × ${what}`);
}
for (const name of ['times', 'recoveries'] as const) {
  const { p50, p95, max } = report[name];
  console.log(`${name}: p50 ${p50} ms, p95 ${p95} ms, longest ${max} ms`);
}
const { findings, jobs } = report;
console.log(findings.counts);
const { succeeded = 0 } = jobs;
const haveSucceeded = succeeded > Object.values(jobs).reduce((sum, each) => sum + each, 0) / 2;
if (!haveSucceeded) console.log('Most jobs must succeed.');
process.exitCode = findings.all.length === 0 && haveSucceeded ? 0 : 1;

function isPositive(number: number | undefined): number is number {
  return Number.isInteger(number) && Number(number) > 0;
}
