import { z } from 'zod';
import { exampleOf } from './example-value.js';

describe('exampleOf', () => {
  it('gives each required member a value that the schema accepts', () => {
    const schema = z.object({
      image: z.url({ protocol: /^https$/ }),
      state: z.enum(['on', 'off']),
      version: z
        .string()
        .regex(/^\d+\.\d+$/)
        .meta({ examples: ['1.2'] }),
      count: z.number().int().min(3),
      isForced: z.boolean(),
      slots: z.array(z.int()),
      address: z.ipv4(),
      nested: z.object({ user: z.string(), note: z.string().optional() }),
      either: z.union([z.literal('a'), z.number()]),
      defaulted: z.string().default('x'),
      optional: z.string().optional(),
    });
    const example = exampleOf(schema);
    expect(example).toEqual({
      image: 'https://example.com/',
      state: 'on',
      version: '1.2',
      count: 3,
      isForced: true,
      slots: [expect.any(Number)],
      address: '192.0.2.1',
      nested: { user: 'user' },
      either: 'a',
    });
    expect(schema.safeParse(example).success).toBe(true);
  });
});
