import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inRoot, ROOT } from './paths.mjs';
import { runNode } from './run.mjs';

const STAMP = inRoot('dist', '.built-from');

export async function build() {
  const now = fingerprint();
  const complete = isComplete();
  if (complete && now === lastBuild()) return 0;
  console.log(complete ? 'Building …' : 'Building … (all of it, which takes a minute or more)');
  // tsc trusts its build info and does not notice that an output file was deleted.
  const args = ['-b', 'tsconfig.build.json', ...(complete ? [] : ['--force'])];
  const code = await runNode(inRoot('node_modules', 'typescript', 'bin', 'tsc'), args);
  if (code === 0) {
    mkdirSync(inRoot('dist'), { recursive: true });
    writeFileSync(STAMP, now);
  }
  return code;
}

/**
 * Name, size and time of every input of the build and of the pages, which are packed as they are; hashing contents
 * would take too long.
 */
function fingerprint() {
  const hash = createHash('sha256');
  for (const path of inputs()) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${relative(ROOT, path)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function inputs() {
  const settings = packages().flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^(tsconfig.*|package)\.json$/.test(name))
      .map((name) => join(folder, name)),
  );
  const pages = readdirSync(inRoot('console')).map((name) => inRoot('console', name));
  return [...settings, ...pages, ...packages().flatMap((folder) => filesBelow(join(folder, 'src')))].sort();
}

/** Whether each output folder has a file: `dist` may have been deleted. */
function isComplete() {
  const outputs = packages()
    .filter((folder) => folder !== ROOT)
    .map((folder) => join(folder, 'dist', 'index.js'));
  return [inRoot('dist', 'main.js'), ...outputs].every(exists);
}

function packages() {
  return [ROOT, ...readdirSync(inRoot('libs')).map((name) => inRoot('libs', name))];
}

function filesBelow(folder) {
  if (!exists(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function lastBuild() {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return undefined;
  }
}
