// `npm start`: installs what is missing, builds what is stale, and becomes the service.
import module from 'node:module';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { inRoot } from './lib/paths.mjs';

requireNode();
const code = install() || build();
if (code !== 0) process.exit(code);

// To be tried without a word of configuration, on a terminal that people read.
const preset = { FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware', FERRULE_LOG_LEVEL: 'warn' };
for (const [key, value] of Object.entries(preset)) {
  if (!process.env[key] && !process.env[`${key}_FILE`]) process.env[key] = value;
}

// From Node 22 on: what was compiled once is not compiled again at the next start.
module.enableCompileCache?.();
// In this process, so that signals reach the service and not a parent of it.
const { main } = await import(inRoot('dist', 'main.js'));
await main(['serve', '--hints', ...process.argv.slice(2)]);
