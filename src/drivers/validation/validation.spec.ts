import { setImmediate as turn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { InvalidParameterValue } from '@ferrule/driver-kit';
import { Validation } from './validation.js';

const validation = () =>
  new Validation('The check of a node by driver acme-xr', { requestId: 'req-1' }, 'acme@1.0.0', (text) =>
    text.replaceAll('hunter2', '******'),
  );

describe('Validation', () => {
  afterEach(() => jest.useRealTimers());

  it('ends with 504 naming the check if it does not end, and aborts its signal', async () => {
    jest.useFakeTimers();
    const hung = validation();
    const refused = expect(hung.run(() => new Promise<void>(() => {}))).rejects.toMatchObject({
      code: 'ValidationTimeout',
      status: 504,
      message: expect.stringContaining('acme-xr'),
    });
    await jest.advanceTimersByTimeAsync(10_000);
    await refused;
    expect(hung.signal.aborted).toBe(true);
  });

  it('passes errors on without secrets, and leaves no timer behind', async () => {
    jest.useFakeTimers();
    const refuse = () => Promise.reject(new InvalidParameterValue('no hunter2'));
    await expect(validation().run(refuse)).rejects.toMatchObject({ message: 'no ******', status: 400 });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends with an error that its code left behind', async () => {
    const stray = validation();
    const refused = expect(stray.run(() => new Promise(() => {}))).rejects.toMatchObject({
      message: 'The check of a node by driver acme-xr failed: lost ******',
    });
    await turn();
    stray.fail(new Error('lost hunter2'));
    await refused;
  });

  it.each([{}, [undefined], { then: (resolve: () => void) => resolve() }])(
    'takes %j for a success',
    (value) => expect(validation().run(() => value)).resolves.toBeUndefined(),
  );

  it.each([undefined, null, true, 'fine'])('leaves nothing to wait for after %j', (value) => {
    expect(validation().run(() => value)).toBeUndefined();
  });

  it('throws at once what a synchronous validate throws, without secrets', () => {
    const refuse = () => {
      throw new InvalidParameterValue('no hunter2');
    };
    expect(() => validation().run(refuse)).toThrow('no ******');
  });
});
