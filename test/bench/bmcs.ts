import { createInterface } from 'node:readline';
import { startBmc } from '@ferrule/bmc-simulator';

// BMCs in a separate process. Arguments: number of BMCs, milliseconds per answer. Prints their addresses as the first
// line. Answers each command with a number: `requests` so far, `waiting` ones, `silence N` makes the last N BMCs accept
// connections and never answer, `speak` ends that.
const [count, ms = 0] = process.argv.slice(2).map(Number);
const bmcs = await Promise.all(
  Array.from({ length: count ?? 1 }, () => startBmc({ profile: 'generic', misbehave: { latency: ms } })),
);
say(bmcs.map(({ address, username, password }) => ({ address, username, password })));
createInterface({ input: process.stdin }).on('line', (line) => say(carriedOut(line)));

function carriedOut(line: string): number {
  const [command, number] = line.split(' ');
  switch (command) {
    case 'silence': {
      const silent = bmcs.slice(-Number(number));
      silent.forEach((bmc) => bmc.misbehave({ neverAnswers: { path: /./ } }));
      return silent.length;
    }
    case 'speak':
      bmcs.forEach((bmc) => bmc.misbehave({ neverAnswers: undefined }));
      return bmcs.length;
    case 'waiting':
      return bmcs.reduce((sum, { inFlight }) => sum + inFlight.current, 0);
    default:
      return bmcs.reduce((sum, { requests }) => sum + requests.length, 0);
  }
}

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
