import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

/** Written by the build: a hash of what it was made from. */
const BUILT_FROM = inRoot('dist', '.built-from');

/**
 * Builds, and writes the tarballs of the service and of its libraries to a folder, unless those there are of this build.
 * @returns an exit code
 */
export async function pack(folder) {
  const code = (await install()) || (await build());
  if (code !== 0) return code;
  const stamp = join(folder, '.packed-from');
  const built = readFileSync(BUILT_FROM, 'utf8');
  if (textOf(stamp) === built) return 0;
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith('.tgz')) rmSync(join(folder, name));
  console.log('Packing …');
  const args = ['pack', '--workspaces', '--include-workspace-root', '--pack-destination', folder];
  const packed = await run('npm', [...args, '--ignore-scripts', '--loglevel=error']);
  if (packed === 0) writeFileSync(stamp, built);
  return packed;
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
