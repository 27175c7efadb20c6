// `npm run api [-- --check]`: writes libs/redfish/API.md and the tables of docs/drivers/reference.md from the doc comments,
// or checks that they are up to date. Fails for what has no doc comment.
import { readFileSync, writeFileSync } from 'node:fs';
import { withTables } from './lib/kit-tables.mjs';
import { inRoot } from './lib/paths.mjs';
import { redfishApi } from './lib/redfish-api.mjs';

const PAGES = [
  ['docs/drivers/reference.md', withTables],
  ['libs/redfish/API.md', redfishApi],
];

try {
  for (const [path, render] of PAGES) {
    const file = inRoot(path);
    const committed = readFileSync(file, 'utf8');
    const page = await render(committed);
    if (!process.argv.includes('--check')) writeFileSync(file, page);
    else if (committed !== page) throw new Error(`${path} is out of date: run "npm run api".`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
