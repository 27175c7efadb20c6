// `npm start`: installs and builds if necessary, then runs the service in this process.
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { inRoot } from './lib/paths.mjs';

requireNode();
const code = (await install()) || (await build());
if (code !== 0) process.exit(code);

// Warnings only, because people read the terminal.
const preset = { FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware', FERRULE_LOG_LEVEL: 'warn' };
for (const [key, value] of Object.entries(preset)) {
  if (!process.env[key] && !process.env[`${key}_FILE`]) process.env[key] = value;
}

module.enableCompileCache?.();
// While code loads, V8's heap for young objects would grow by 20 MB that are never given back.
setFlagsFromString('--semi-space-growth-factor=1');
// In this process, so that it receives signals directly.
const { main } = await import(inRoot('dist', 'main.js'));
await main(['serve', '--hints', ...process.argv.slice(2)]);
