#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/command/command.js', import.meta.url);

if (existsSync(built)) {
  const { main } = await import(built.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error('The conformance kit is not built here yet. Run "npm run build".');
  process.exitCode = 1;
}
