// `npm run fuzz [-- --requests N] [--seed N]`: random requests; fails for an error of the service, a secret in an
// answer, or a stall.
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { inRoot } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';

requireNode();
const code = (await install()) || (await build());
if (code !== 0) process.exit(code);

const loader = inRoot('test', 'support', 'typescript.mjs');
const args = ['--import', loader, inRoot('test', 'faults', 'fuzz', 'main.ts'), ...process.argv.slice(2)];
process.exitCode = await runNode('--conditions=source', args);
