import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { swcOptions } from './swc-options.mjs';

/** Of compiled files, by their contents. Thousands of programs of the tests begin with the same sources. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/ferrule-tests', import.meta.url));
const SETTINGS = JSON.stringify([
  swcOptions,
  readFileSync(new URL('../../node_modules/@swc/core/package.json', import.meta.url), 'utf8'),
]);
mkdirSync(CACHE, { recursive: true });

/** Resolves `./x.js` in sources to `./x.ts`. */
export async function resolve(specifier, context, next) {
  if (specifier.startsWith('.') && specifier.endsWith('.js') && isTypeScript(context.parentURL)) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !isTypeScript(url)) return next(url, context);
  return { format: 'module', source: await compiled(fileURLToPath(url)), shortCircuit: true };
}

async function compiled(file) {
  const source = readFileSync(file, 'utf8');
  const name = createHash('sha256').update(SETTINGS).update(`${file}\0${source}`).digest('hex').slice(0, 32);
  const cached = join(CACHE, name);
  if (existsSync(cached)) return readFileSync(cached, 'utf8');
  const { transform } = await import('@swc/core');
  const { code } = await transform(source, { ...swcOptions, filename: file, swcrc: false });
  // Others may do the same at this moment.
  const fresh = `${cached}-${randomUUID()}`;
  writeFileSync(fresh, code);
  renameSync(fresh, cached);
  return code;
}

/** A test that is loaded again has a query. */
function isTypeScript(url) {
  return /\.ts(\?\d+)?$/.test(url ?? '');
}
