import { parseArgs } from 'node:util';
import { hasProgram } from '../../support/require.js';
import { soak } from './soak.js';

const USAGE = 'Usage: npm run soak -- [--rounds N] [--seed N] [--no-redis]';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    redis: { type: 'boolean', default: hasProgram('redis-server') },
  },
  allowNegative: true,
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const rounds = Number(values.rounds);
const seed = Number(values.seed);
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  console.error(USAGE);
  process.exit(2);
}

console.log(`${rounds} rounds with seed ${seed}, the queue on ${values.redis ? 'Redis' : 'PostgreSQL'}`);
const say = (line: string): void => console.log(line);
const { calls, jobs, succeeded, faults, lost, doubled, stuck } = await soak({
  rounds,
  seed,
  withRedis: values.redis,
  say,
});

for (const [fault, times] of Object.entries(faults)) console.log(`${String(times).padStart(4)} × ${fault}`);
console.log(`${calls} calls, ${jobs} jobs accepted, ${succeeded} of them succeeded`);
for (const line of [...lost, ...doubled, ...stuck]) console.log(line);
console.log(`lost ${lost.length}, doubled ${doubled.length}, stuck ${stuck.length}`);
if (succeeded <= jobs / 2) console.log('Most jobs must succeed.');
process.exitCode = lost.length + doubled.length + stuck.length === 0 && succeeded > jobs / 2 ? 0 : 1;
