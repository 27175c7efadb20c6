// `npm run pack [-- FOLDER]`: writes the tarballs of the service and of its libraries, as they would be published, to
// FOLDER (`tarballs`). They can be installed together in any other folder.
import { join, resolve } from 'node:path';
import { requireNode } from './lib/node-version.mjs';
import { pack } from './lib/pack.mjs';
import { inRoot } from './lib/paths.mjs';

requireNode();
const folder = resolve(process.argv[2] ?? inRoot('tarballs'));
process.exitCode = await pack(folder);
if (process.exitCode === 0) {
  const commands = [
    `npm install ${join(folder, '*.tgz')}`,
    'FERRULE_ENABLED_HARDWARE_TYPES=fake-hardware npx ferrule serve',
  ];
  console.log(`\nIn any other folder:\n\n${commands.map((command) => `  ${command}`).join('\n')}`);
}
