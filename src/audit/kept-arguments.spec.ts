import { type Maskable } from '../secrets/maskable.js';
import { keptArguments } from './kept-arguments.js';

describe('the arguments in a record', () => {
  let walks = 0;
  const given = (value: unknown): Maskable => ({
    value,
    masked: () => {
      walks += 1;
      return 'masked';
    },
  });
  beforeEach(() => (walks = 0));

  it('are masked', () => {
    expect(keptArguments(given({ token: 'x' }))).toBe('masked');
    expect(keptArguments(undefined)).toBeUndefined();
  });

  it('are not masked, but left out, if they are long', () => {
    const token = Array.from({ length: 4_900 }, (_, index) => `secret-"${index}`);
    const b = Array.from({ length: 4_900 }, (_, index) => `text number ${index}${'x'.repeat(60)}`);
    expect(keptArguments(given({ token, b }))).toMatch(/^\(\d+ characters of JSON, too many to keep\)$/);
    expect(walks).toBe(0);
  });
});
