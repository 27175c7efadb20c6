import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { hasProgram } from '../../support/require.js';
import { soak } from './soak.js';
import { timesText } from './times.js';

const USAGE =
  'Usage: npm run soak -- [--rounds N] [--seed N] [--nodes N] [--api N] [--conductors N] [--lease SECONDS] [--no-redis] [--logs FOLDER]';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    nodes: { type: 'string', default: '200' },
    api: { type: 'string', default: '2' },
    conductors: { type: 'string', default: '3' },
    lease: { type: 'string', default: '2' },
    logs: { type: 'string' },
    redis: { type: 'boolean', default: hasProgram('redis-server') },
  },
  allowNegative: true,
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const [rounds = 0, seed = 0, nodes = 0] = [values.rounds, values.seed, values.nodes].map(Number);
const [apis = 0, conductors = 0, lease = 0] = [values.api, values.conductors, values.lease].map(Number);
// Of the processes that answer calls, and of the conductors, one may be missing.
if (
  !isWhole(rounds, 1) ||
  !isWhole(nodes, 1) ||
  !isWhole(apis, 2) ||
  !isWhole(conductors, 2) ||
  !isWhole(lease, 1) ||
  !isWhole(seed)
) {
  console.error(USAGE);
  process.exit(2);
}

const stop = new AbortController();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];
for (const signal of SIGNALS) {
  process.on(signal, () => {
    stop.abort(signal);
  });
}

const place = values.redis ? 'Redis' : 'PostgreSQL';
const say = (line: string): void => console.log(line);
say(
  `${rounds} rounds with seed ${seed} on ${nodes} nodes, ${apis} API processes and ${conductors} conductors, ` +
    `the queue on ${place}`,
);
const choices = { rounds, seed, nodes, apis, conductors, lease: lease * 1_000 };
const options = { ...choices, withRedis: values.redis, logs: values.logs };
try {
  const report = await soak({ ...options, stop: stop.signal, say });
  for (const name of ['troubles', 'calls', 'answers', 'jobs', 'fleetNodes', 'breaks'] as const) {
    say(`${name}:`);
    for (const [what, times] of Object.entries(report[name])) say(`${String(times).padStart(7)} × ${what}`);
  }
  for (const [name, times] of Object.entries(report.times)) say(`${name}: ${timesText(times)}`);
  say(`locks: at most ${report.longestBeyondLease} ms beyond their lease`);
  say(`sessions with PostgreSQL: at most ${report.mostSessions}`);
  const { findings, jobs } = report;
  say(findings.counts);
  const { succeeded = 0 } = jobs;
  const haveSucceeded = succeeded > Object.values(jobs).reduce((sum, each) => sum + each, 0) / 2;
  if (!haveSucceeded) say('Most jobs must succeed.');
  process.exitCode = findings.all.length === 0 && haveSucceeded ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
if (stop.signal.aborted) {
  const signal = stop.signal.reason as Signal;
  console.error(`Stopped by ${signal}.`);
  process.exitCode = 128 + constants.signals[signal];
}
process.exit();

function isWhole(number: number, least = -Infinity): boolean {
  return Number.isInteger(number) && number >= least;
}
