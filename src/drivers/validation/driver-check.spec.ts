import { setImmediate as turn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { InvalidParameterValue } from '@ferrule/driver-kit';
import { DriverCheck } from './driver-check.js';

const check = () =>
  new DriverCheck('The check of a node by driver acme-xr', 'req-1', 'acme@1.0.0', (text) =>
    text.replaceAll('hunter2', '******'),
  );

describe('DriverCheck', () => {
  afterEach(() => jest.useRealTimers());

  it('ends with 504 naming the check if it does not end, and aborts its signal', async () => {
    jest.useFakeTimers();
    const hung = check();
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
    await expect(check().run(refuse)).rejects.toMatchObject({ message: 'no ******', status: 400 });
    await check().run(() => undefined);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends with an error that its code left behind', async () => {
    const stray = check();
    const refused = expect(stray.run(() => new Promise(() => {}))).rejects.toMatchObject({
      message: 'The check of a node by driver acme-xr failed: lost ******',
    });
    await turn();
    stray.fail(new Error('lost hunter2'));
    await refused;
  });

  it.each([true, 'fine', {}, [undefined], { then: (resolve: () => void) => resolve() }])(
    'takes %j for a success',
    (value) => expect(check().run(() => value)).resolves.toBeUndefined(),
  );
});
