#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';

const built = new URL('../dist/main.js', import.meta.url);

if (existsSync(built)) {
  // From Node 22 on: what was compiled once is not compiled again at the next start.
  module.enableCompileCache?.();
  const { main } = await import(built.href);
  await main(process.argv.slice(2));
} else {
  console.error(
    'Ferrule is not built here yet. Run "npm start", which builds and starts it, or "npm run build".',
  );
  process.exitCode = 1;
}
