import { z } from 'zod';
import { maskText } from '../../secrets/text-masking.js';
import { parseArguments } from './arguments.js';

function refusal(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}

describe('a refusal of arguments', () => {
  const schema = z.strictObject({ password: z.string().min(1), username: z.string().optional() });

  it.each<[Record<string, unknown>, string]>([
    [{ password: '' }, 'Too small'],
    [{ password: 12345678 }, 'Invalid input'],
    [{}, "'password' not passed"],
    [{ password: 'x', user: 'y' }, 'user; it takes: password, username'],
    [Object.fromEntries([['__proto__', 1]]), 'no member may be called __proto__'],
  ])('%j keeps its words when secrets are masked', (raw, words) => {
    const message = refusal(() => parseArguments('set_password', schema, raw));
    expect(message).toContain(words);
    expect(maskText(message)).toBe(message);
  });
});
