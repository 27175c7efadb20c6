import { type ExclusiveTask, type PassthruOptions } from '@ferrule/driver-kit';
import { type MethodDeclaration } from '@ferrule/driver-kit/host';
import { z } from 'zod';
import { wireName } from '@ferrule/driver-kit/host';
import { ANYONE } from '../../auth/caller.js';
import { PassthruMethod } from './passthru-method.js';

function method(
  options: Partial<PassthruOptions> = {},
  key = 'flashFirmware',
  scope: 'node' | 'driver' = 'node',
) {
  return new PassthruMethod({ scope, key, options: { http: ['POST'], description: 'Do it.', ...options } });
}

const Args = z.object({
  image: z.url(),
  retries: z.number().default(1),
  tags: z.array(z.string()).optional(),
});

function refusal(parse: () => unknown): Error {
  try {
    parse();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It was not refused.');
}

const parsed = (json: string) => JSON.parse(json) as Record<string, unknown>;

describe('PassthruMethod', () => {
  it.each([
    ['flashFirmware', 'flash_firmware'],
    ['readSEL', 'read_sel'],
    ['readSELNow', 'read_sel_now'],
    ['log2', 'log2'],
    ['third_method', 'third_method'],
  ])('calls %s %s on the wire', (key, name) => {
    expect(
      wireName({
        scope: 'node',
        key,
        options: { http: ['GET'], description: 'Do it.' },
      } satisfies MethodDeclaration),
    ).toBe(name);
  });

  it('is asynchronous, exclusive and no attachment by default', () => {
    expect(method().listing).toEqual({
      http_methods: ['POST'],
      async: true,
      description: 'Do it.',
      attach: false,
      require_exclusive_lock: true,
    });
  });

  it('has no lock in the listing of a driver-level method', () => {
    expect(method({}, 'x', 'driver').listing).not.toHaveProperty('require_exclusive_lock');
  });

  it("leaves a driver's own sentence about an argument as it is", () => {
    const args = z.object({ id: z.string().refine((id) => id !== '', "id can't be None") });
    expect(refusal(() => method({ args }).parse({ id: '' })).message).toBe("id can't be None");
  });

  it('fills in defaults', () => {
    expect(method({ args: Args }).parse({ image: 'https://x/y' })).toEqual({
      image: 'https://x/y',
      retries: 1,
    });
  });

  it.each([
    [
      'a missing argument',
      {},
      'MissingParameterValue',
      "Parameter 'image' not passed to method 'flash_firmware'.",
    ],
    [
      'a bad value',
      { image: 'x' },
      'InvalidParameterValue',
      "Invalid parameter 'image' for method 'flash_firmware'",
    ],
    [
      'a surplus argument',
      { image: 'https://x/y', b: 1, a: 2 },
      'InvalidParameterValue',
      'a, b; it takes: image',
    ],
    ['__proto__', parsed('{"__proto__": 1}'), 'InvalidParameterValue', 'at __proto__.'],
    [
      '__proto__ in a member',
      parsed('{"tags": [{"__proto__": 1}]}'),
      'InvalidParameterValue',
      'at tags.0.__proto__.',
    ],
    ['a bad member', { image: 'https://x/y', tags: [1] }, 'InvalidParameterValue', "'tags.0'"],
  ])('refuses %s', (_, args, code, text) => {
    const error = refusal(() => method({ args: Args }).parse(args));
    expect(error).toMatchObject({ code, status: 400 });
    expect(error.message).toContain(text);
  });

  it('names all problems at once, and no value', () => {
    const call = () => method({ args: Args }).parse({ image: 'hunter2', retries: 'x', more: 'hunter2' });
    expect(call).toThrow(/image.*retries.*more/);
    expect(call).not.toThrow(/hunter2/);
  });

  it('names ten problems, and counts the others', () => {
    const surplus = Object.fromEntries(Array.from({ length: 90_000 }, (_, index) => [`k${index}`, 1]));
    const error = refusal(() => method({ args: Args }).parse(surplus));
    expect(error.message).toBe(
      "Parameter 'image' not passed to method 'flash_firmware'. Unexpected arguments for method " +
        "'flash_firmware': k0, k1, k2, k3, k4, k5, k6, k7, k8 and 89991 more; it takes: image, retries, tags.",
    );
    const tags = Array.from({ length: 1_000 }, () => 1);
    const wrong = refusal(() => method({ args: Args }).parse({ image: 'https://x/y', tags, more: 1 }));
    expect(wrong.message.match(/Invalid parameter/g)).toHaveLength(10);
    expect(wrong.message).toMatch(/'tags\.9' .* There are 991 more problems\.$/);
  });

  it('takes no arguments without a schema, and any with a loose one', () => {
    expect(() => method().parse({ a: 1 })).toThrow('it takes none');
    expect(method({ args: z.looseObject({}) }).parse({ a: 1 })).toEqual({ a: 1 });
  });

  it('keeps the checks of a schema that it makes strict', () => {
    const args = z
      .object({ a: z.number(), b: z.number() })
      .refine(({ a, b }) => a < b, 'a must be less than b');
    expect(() => method({ args }).parse({ a: 2, b: 1 })).toThrow('a must be less than b');
    expect(() => method({ args }).parse({ a: 1, b: 2, c: 3 })).toThrow('Unexpected arguments');
  });

  it('reads arguments of a query in the type of their schema', () => {
    const args = z.object({ id: z.string(), expand: z.boolean(), count: z.number().optional() });
    const { typed } = { typed: (name: string, text: string) => method({ args }).typed(name, text) };
    expect(typed('id', '5')).toBe('5');
    expect(typed('expand', 'true')).toBe(true);
    expect(typed('count', '7')).toBe(7);
    expect(typed('expand', 'perhaps')).toBe('perhaps');
  });

  it('keeps the digits of a large number of a query as a text, where its schema takes one', () => {
    const args = z.looseObject({
      any: z.unknown(),
      either: z.union([z.number(), z.string()]),
      count: z.number(),
    });
    const digits = '12345678901234567890';
    const { typed } = { typed: (name: string, text: string) => method({ args }).typed(name, text) };
    for (const name of ['any', 'either', 'other']) {
      expect(typed(name, digits)).toBe(digits);
      expect(typed(name, '-1')).toBe(-1);
    }
    expect(typed('count', digits)).toBe(Number(digits));
  });

  it('shows the JSON Schema of its arguments in detail', () => {
    expect(method({ args: Args, timeout: '30m' }).detail('acme@1.0.0')).toMatchObject({
      timeout: 1800,
      package: 'acme@1.0.0',
      args: {
        type: 'object',
        required: ['image'],
        additionalProperties: false,
        properties: { image: { type: 'string', format: 'uri' }, retries: { default: 1 } },
      },
    });
  });

  it('shows its result, effect and history in detail', () => {
    const returns = z.object({ version: z.string() });
    const options = { returns, effect: 'disruptive', since: '1.2.0', deprecated: 'Use flash.' } as const;
    expect(method(options).detail('acme@1.0.0')).toMatchObject({
      returns: { type: 'object', properties: { version: { type: 'string' } } },
      effect: 'disruptive',
      since: '1.2.0',
      deprecated: 'Use flash.',
    });
  });

  it.each([
    ['read', ['GET'], 'shared'],
    ['change', ['GET'], 'exclusive'],
    ['change', ['GET', 'POST'], 'shared'],
  ] as const)('has the effect %s for %j under a lock that is %s', (effect, http, lock) => {
    const detail = method({ http, lock }).detail('acme@1.0.0');
    expect(detail.effect).toBe(effect);
    expect(detail).not.toHaveProperty('returns');
  });

  it('knows which arguments are secret', () => {
    const args = z.object({ user: z.string(), key: z.string().meta({ writeOnly: true }) });
    expect(method({ args }).secretArguments).toEqual(['key']);
  });

  it('calls the method with its object as `this`', async () => {
    const target = {
      answer: 42,
      flashFirmware(_task: ExclusiveTask, { image }: { image: string }) {
        return Promise.resolve(`${this.answer} ${image}`);
      },
    };
    const task = {
      httpMethod: 'POST',
      requestId: 'r',
      caller: ANYONE,
      signal: new AbortController().signal,
      progress: () => {},
    } as const;
    await expect(method().call(target, task, { image: 'x' })).resolves.toBe('42 x');
  });
});
