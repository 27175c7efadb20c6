import { jest } from '@jest/globals';
import { validatedInTime } from './validation-limit.js';

describe('validatedInTime', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('ends with 504 naming the hardware type if the validation does not end', async () => {
    const hung = validatedInTime('acme-xr', new Promise<void>(() => {}));
    const refused = expect(hung).rejects.toMatchObject({
      code: 'ValidationTimeout',
      status: 504,
      message: expect.stringContaining('acme-xr'),
    });
    await jest.advanceTimersByTimeAsync(10_000);
    await refused;
  });

  it('passes errors on, and leaves no timer behind', async () => {
    await expect(validatedInTime('acme-xr', Promise.reject(new Error('no')))).rejects.toThrow('no');
    await validatedInTime('acme-xr', undefined);
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([true, 'fine', {}, [undefined], { then: (resolve: () => void) => resolve() }])(
    'takes %j for a success',
    (value) => expect(validatedInTime('acme', value)).resolves.toBeUndefined(),
  );
});
