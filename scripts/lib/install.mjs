import { readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { run, runNode } from './run.mjs';

/** Whether npm's own list in node_modules, which it writes last, agrees with the lock file. */
export function isInstalled() {
  const wanted = lockedPackages(inRoot('package-lock.json'));
  const present = lockedPackages(inRoot('node_modules', '.package-lock.json'));
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, link, optional, devOptional }]) => {
    if (!path.includes('node_modules/')) return true;
    const found = present[path];
    if (found === undefined) return optional === true || devOptional === true;
    return link === true ? found.link === true : found.version === version;
  });
}

export async function install() {
  if (isInstalled()) return 0;
  console.log('Installing the packages of package-lock.json …');
  // Even with NODE_ENV=production: the compiler is a development dependency.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  return npm?.endsWith('.js') ? runNode(npm, args) : run('npm', args);
}

function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
