// `npm run pack [-- FOLDER]`: builds, and writes the tarballs of the service and of its libraries, as they would be published,
// to FOLDER (`tarballs`). They can be installed together in any other folder.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { inRoot } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

requireNode();
const folder = resolve(process.argv[2] ?? inRoot('tarballs'));
let code = (await install()) || (await build());
if (code === 0) {
  mkdirSync(folder, { recursive: true });
  for (const name of tarballs()) rmSync(join(folder, name));
  const args = ['pack', '--workspaces', '--include-workspace-root', '--pack-destination', folder];
  code = await run('npm', [...args, '--ignore-scripts', '--loglevel=error']);
}
if (code === 0) {
  console.log(
    `\nIn any other folder:\n\n  npm install ${join(folder, '*.tgz')}\n  FERRULE_ENABLED_HARDWARE_TYPES=fake-hardware npx ferrule serve`,
  );
}
process.exitCode = code;

function tarballs() {
  return readdirSync(folder).filter((name) => name.endsWith('.tgz'));
}
