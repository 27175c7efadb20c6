import { z } from 'zod';

const FLAG = z.boolean('it may be true or false');

export function flag(byDefault: boolean) {
  return z.preprocess(flagOf, FLAG).prefault(byDefault).meta({ type: 'boolean' });
}

/** A flag whose absence means neither. */
export function optionalFlag() {
  return z.preprocess(flagOf, FLAG).optional().meta({ type: 'boolean' });
}

function flagOf(value: unknown): unknown {
  const word = typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : '';
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : value;
}
