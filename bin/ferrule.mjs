#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/main.js', import.meta.url);

if (existsSync(built)) {
  const { main } = await import(built.href);
  await main(process.argv.slice(2));
} else {
  console.error(
    'Ferrule is not built here yet. Run "npm start", which builds and starts it, or "npm run build".',
  );
  process.exitCode = 1;
}
