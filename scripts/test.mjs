// `npm test`: prepares as `npm start` does, then runs the checks and tests until one fails.
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { runJest } from './lib/jest-stage.mjs';
import { requireNode } from './lib/node-version.mjs';
import { inRoot } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';

requireNode();

const tool = (...path) => inRoot('node_modules', ...path);

/** Each of these uses one core, so they run in two rows at the same time. */
const rows = [
  [
    ['lint', () => runNode(tool('eslint', 'bin', 'eslint.js'), ['.', '--max-warnings=0'])],
    ['dependencies', () => runNode(inRoot('scripts', 'depcheck.mjs'), [])],
  ],
  [
    ['build', build],
    ['format', () => runNode(tool('prettier', 'bin', 'prettier.cjs'), ['--check', '--log-level=warn', '.'])],
    ['types', () => runNode(tool('typescript', 'bin', 'tsc'), ['-p', 'tsconfig.json'])],
    ['types of the console', () => runNode(tool('typescript', 'bin', 'tsc'), ['-p', 'console'])],
    ['api page', () => runNode(inRoot('scripts', 'api.mjs'), ['--check'])],
  ],
];
const tests = ['unit', 'integration', 'e2e', 'conformance'].map((project) => [
  project,
  async () => count(await runJest(project)),
]);

const total = { passed: 0, failed: 0, skipped: 0 };
const reasons = new Map();

function count(result) {
  for (const key of Object.keys(total)) total[key] += result[key];
  for (const reason of result.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return result.code;
}

/** The code of the first stage that fails; those after it do not run. */
async function inTurn(stages) {
  for (const [name, stage] of stages) {
    const start = performance.now();
    console.log(`\n== ${name}`);
    const code = await stage();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`== ${name} ${code === 0 ? 'done' : 'FAILED'} in ${seconds} s`);
    if (code !== 0) return code;
  }
  return 0;
}

let code = await inTurn([['install', install]]);
if (code === 0) code = Math.max(...(await Promise.all(rows.map(inTurn))));
if (code === 0) code = await inTurn(tests);

console.log();
for (const [reason, number] of reasons) console.log(`skipped ${number}: ${reason}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = code;
