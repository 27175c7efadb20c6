// `npm run configuration`: writes the table of all settings in docs/configuration.md.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { inRoot } from './lib/paths.mjs';

requireNode();
const code = (await install()) || (await build());
if (code !== 0) process.exit(code);

const own = Object.entries(process.env).filter(([name]) => !name.startsWith('FERRULE_'));
const table = execFileSync(process.execPath, [inRoot('bin', 'ferrule.mjs'), 'config', '--table'], {
  encoding: 'utf8',
  env: Object.fromEntries(own),
});
const page = inRoot('docs', 'configuration.md');
const [start, end] = ['<!-- configuration -->', '<!-- /configuration -->'];
const text = readFileSync(page, 'utf8');
const rest = [text.slice(0, text.indexOf(start)), text.slice(text.indexOf(end))];
writeFileSync(page, `${rest[0]}${start}\n\n${table.trim()}\n\n${rest[1]}`);
