import * as typescript from '../typescript-hooks.mjs';

const GLOBALS = `data:text/javascript,export const { jest } = globalThis;`;

/** The workspaces' own sources, so that no test needs a build. */
export function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: GLOBALS, format: 'module', shortCircuit: true };
  return typescript.resolve(specifier, { ...context, conditions: ['source', ...context.conditions] }, next);
}

export const { load } = typescript;
