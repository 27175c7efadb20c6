import { createInterface } from 'node:readline';
import { startBmc } from '@ferrule/bmc-simulator';

// BMCs in a separate process. Arguments: number of BMCs, milliseconds per answer. Prints their addresses as the first
// line; answers every input line with the number of requests so far.
const [count, latency] = process.argv.slice(2).map(Number);
const bmcs = await Promise.all(
  Array.from({ length: count ?? 1 }, () =>
    startBmc({ profile: 'generic', misbehave: { latency: latency ?? 0 } }),
  ),
);
say(bmcs.map(({ address, username, password }) => ({ address, username, password })));
createInterface({ input: process.stdin }).on('line', () =>
  say(bmcs.reduce((sum, { requests }) => sum + requests.length, 0)),
);

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
