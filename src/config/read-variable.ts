import { readFileSync } from 'node:fs';

export type Reading = { readonly value?: string } | { readonly problem: string };

/** An empty variable counts as unset, because that is how compose files leave one out. */
export function readVariable(env: NodeJS.ProcessEnv, key: string): Reading {
  const direct = env[key] ?? '';
  const file = env[`${key}_FILE`] ?? '';
  if (direct !== '' && file !== '')
    return { problem: `${key} and ${key}_FILE are both set; set one of them` };
  if (file === '') return direct === '' ? {} : { value: direct };
  try {
    const content = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return content === '' ? {} : { value: content };
  } catch (error) {
    const reason =
      typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
    return { problem: `${key}_FILE: the file '${file}' cannot be read (${reason})` };
  }
}
