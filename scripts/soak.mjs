// `npm run soak [-- --rounds N] [--seed N] [--nodes N] [--api N] [--conductors N] [--lease SECONDS] [--no-redis]`: load
// and troubles; counts what was lost, doubled, answered wrongly and stuck. With `--logs FOLDER`, the logs of the
// processes are written when something is found. A signal ends it with the figures so far.
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { inRoot } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';

requireNode();
const code = (await install()) || (await build());
if (code !== 0) process.exit(code);

const loader = inRoot('test', 'support', 'typescript.mjs');
const args = ['--import', loader, inRoot('test', 'faults', 'soak', 'main.ts'), ...process.argv.slice(2)];
process.exitCode = await runNode('--conditions=source', args);
