import * as typescript from '../typescript-hooks.mjs';

const GLOBALS = `data:text/javascript,export const { jest } = globalThis;`;
/** May have hooks and state of the file of tests that imports them. */
const SUPPORT = /(\/test\/(?!fixtures\/).*|\.spec-support)\.ts$/;

/** The workspaces' own sources, so that no test needs a build; and for each file of tests its own modules of tests. */
export async function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: GLOBALS, format: 'module', shortCircuit: true };
  const conditions = ['source', ...context.conditions];
  const found = await typescript.resolve(specifier, { ...context, conditions }, next);
  const [file] = /\?\d+$/.exec(context.parentURL ?? '') ?? [];
  return file !== undefined && SUPPORT.test(found.url) ? { ...found, url: found.url + file } : found;
}

export const { load } = typescript;
