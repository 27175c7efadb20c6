#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';

const built = new URL('../dist/main.js', import.meta.url);

if (existsSync(built)) {
  // From Node 22 on: what was compiled once is not compiled again at the next start.
  module.enableCompileCache?.();
  // While code loads, V8's heap for young objects would grow by 20 MB that are never given back.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { main } = await import(built.href);
  await main(process.argv.slice(2));
} else {
  console.error(
    'Ferrule is not built here yet. Run "npm start", which builds and starts it, or "npm run build".',
  );
  process.exitCode = 1;
}
