import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.js';
import { fuzzService } from './fuzz-service.js';

const USAGE = 'Usage: npm run fuzz -- [--requests N] [--seed N]';
/** Milliseconds that the service may do nothing else. */
const LONGEST_STALL = 250;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const count = Number(values.requests);
const seed = Number(values.seed);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  console.error(USAGE);
  process.exit(2);
}

console.log(`${count} requests with seed ${seed}`);
const service = await fuzzService();
try {
  const { statuses, findings, longestStall } = await fuzz(service, {
    count,
    seed,
    say: (line) => console.log(line),
  });
  for (const [status, times] of Object.entries(statuses)) {
    console.log(
      `${String(times).padStart(7)} × ${status === '0' ? 'no answer to a damaged request' : status}`,
    );
  }
  for (const finding of findings) console.log(`\n${finding}`);
  const { milliseconds, seed: stalling } = longestStall;
  const stalled = milliseconds > LONGEST_STALL;
  console.log(
    `${findings.length} findings; the longest stall was ${milliseconds} ms with seed ${stalling}${stalled ? ', too long' : ''}`,
  );
  process.exitCode = findings.length === 0 && !stalled ? 0 : 1;
} finally {
  await service.dispose();
}
