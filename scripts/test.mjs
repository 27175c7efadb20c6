// `npm test`: prepares as `npm start` does, then runs every check until one fails.
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { runJest } from './lib/jest-stage.mjs';
import { requireNode } from './lib/node-version.mjs';
import { inRoot } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';

requireNode();

const tool = (...path) => inRoot('node_modules', ...path);
const stages = [
  ['install', install],
  ['build', build],
  ['lint', () => runNode(tool('eslint', 'bin', 'eslint.js'), ['.', '--max-warnings=0'])],
  ['format', () => runNode(tool('prettier', 'bin', 'prettier.cjs'), ['--check', '--log-level=warn', '.'])],
  ['types', () => runNode(tool('typescript', 'bin', 'tsc'), ['-p', 'tsconfig.json'])],
  ['dependencies', () => runNode(inRoot('scripts', 'depcheck.mjs'), [])],
  ['api page', () => runNode(inRoot('scripts', 'api.mjs'), ['--check'])],
  ...['unit', 'integration', 'e2e', 'conformance'].map((project) => [
    project,
    async () => count(await runJest(project)),
  ]),
];

const total = { passed: 0, failed: 0, skipped: 0 };
const reasons = new Map();

function count(result) {
  for (const key of Object.keys(total)) total[key] += result[key];
  for (const reason of result.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return result.code;
}

let code = 0;
for (const [name, stage] of stages) {
  const start = performance.now();
  console.log(`\n== ${name}`);
  code = await stage();
  console.log(
    `== ${name} ${code === 0 ? 'done' : 'FAILED'} in ${((performance.now() - start) / 1000).toFixed(1)} s`,
  );
  if (code !== 0) break;
}

console.log();
for (const [reason, number] of reasons) console.log(`skipped ${number}: ${reason}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = code;
