import { z } from 'zod';

export function flag(byDefault: boolean) {
  return z.preprocess(flagOf, z.boolean()).prefault(byDefault).meta({ type: 'boolean' });
}

/** A flag whose absence means neither. */
export function optionalFlag() {
  return z.preprocess(flagOf, z.boolean()).optional().meta({ type: 'boolean' });
}

function flagOf(value: unknown): unknown {
  const word = typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : '';
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : value;
}
