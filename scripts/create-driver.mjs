// `npm run create-driver -- NAME [FOLDER]`: writes the package of a new driver, which installs Ferrule from this checkout.
import { requireNode } from './lib/node-version.mjs';
import { pack } from './lib/pack.mjs';
import { inRoot } from './lib/paths.mjs';

requireNode();
const tarballs = inRoot('tarballs');
process.exitCode = await pack(tarballs);
if (process.exitCode === 0) {
  const { main } = await import(inRoot('libs', 'create-ferrule-driver', 'dist', 'index.js'));
  process.exitCode = await main([...process.argv.slice(2), '--tarballs', tarballs]);
}
