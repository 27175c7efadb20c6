// `npm run openapi [-- --out FILE]`: writes the OpenAPI document (default: openapi.json).
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { inRoot } from './lib/paths.mjs';

requireNode();
const code = (await install()) || (await build());
if (code !== 0) process.exit(code);

const args = process.argv.slice(2);
const { main } = await import(inRoot('dist', 'main.js'));
await main(['openapi', ...(args.length > 0 ? args : ['--out', 'openapi.json'])]);
