// `npm run test:nodes [-- VERSIONS] [-- STAGES]`: runs the unit, integration and e2e tests of the built service with each
// supported Node.js, one after the other, for example `npm run test:nodes -- 22 24 unit`. The binaries come from npm.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { runJest } from './lib/jest-stage.mjs';
import { inRoot } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

/** The oldest supported one, and the newest of each later line with long-term support. */
const VERSIONS = { 20: '20.19', 22: '22', 24: '24', 26: '26' };
const STAGES = ['unit', 'integration', 'e2e'];

const asked = process.argv.slice(2);
const unknown = asked.filter((word) => !(word in VERSIONS) && !STAGES.includes(word));
if (unknown.length > 0) {
  console.error(
    `Unknown: ${unknown.join(', ')}. Versions: ${Object.keys(VERSIONS).join(', ')}. Stages: ${STAGES.join(', ')}.`,
  );
  process.exit(2);
}
const chosen = (all) =>
  all.some((word) => asked.includes(word)) ? all.filter((word) => asked.includes(word)) : all;

const prepared = (await install()) || (await build());
if (prepared !== 0) process.exit(prepared);

const outcomes = [];
for (const version of chosen(Object.keys(VERSIONS))) {
  const node = await nodeOf(version);
  for (const stage of chosen(STAGES)) {
    console.log(`\n== Node.js ${version}: ${stage}`);
    const { code, passed, failed, skipped } = await runJest(stage, node);
    outcomes.push(`Node.js ${version}, ${stage}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
    if (code !== 0) process.exitCode = code;
  }
}
console.log(`\n${outcomes.join('\n')}`);

/** Installs the package with the binaries into a folder that later runs use again. @returns the program */
async function nodeOf(version) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = inRoot('node_modules', '.cache', 'nodes', version);
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  if (isUsable(program, version)) return program;
  // An interrupted download leaves files that npm would take for the package.
  rmSync(folder, { recursive: true, force: true });
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  const code = await run('npm', [...args, `${name}@${VERSIONS[version]}`]);
  if (code !== 0) process.exit(code);
  if (isUsable(program, version)) return program;
  console.error(`${program} is not Node.js ${VERSIONS[version]}.`);
  process.exit(1);
}

function isUsable(program, version) {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status === 0 && stdout.startsWith(`v${VERSIONS[version]}.`);
}
