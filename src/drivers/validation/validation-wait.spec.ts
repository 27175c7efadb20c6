import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { Validation } from './validation.js';
import { ValidationWait } from './validation-wait.js';

describe('the shutdown', () => {
  it('waits for validations, and for those that follow them', async () => {
    const lifecycle = new Lifecycle(30);
    const wait = new ValidationWait(lifecycle);
    const happened: string[] = [];
    let end = (): void => {};
    const validate = (name: string) =>
      new Validation(name, { requestId: 'req-1' }, 'driver-acme@1.0.0', (text) => text).run(async () => {
        await new Promise<void>((resolve) => (end = resolve));
        happened.push(name);
      });
    const call = (async () => {
      await validate('node');
      await validate('arguments');
    })();
    expect(lifecycle.waitsFor()).toEqual(['1 running validation']);
    const stopped = wait.beforeApplicationShutdown().then(() => happened.push('stopped'));
    const open = setInterval(() => end(), 1);
    await Promise.all([call, stopped]);
    clearInterval(open);
    expect(happened).toEqual(['node', 'arguments', 'stopped']);
    expect(lifecycle.waitsFor()).toEqual([]);
  });

  it('does not wait longer than for methods', async () => {
    const lifecycle = new Lifecycle(1);
    const wait = new ValidationWait(lifecycle);
    const validation = new Validation('it', { requestId: 'req-1' }, 'driver-acme@1.0.0', (text) => text);
    const late = validation.run(() => new Promise(() => {}));
    lifecycle.drain();
    await wait.beforeApplicationShutdown();
    expect(lifecycle.workEnds.aborted).toBe(true);
    validation.fail(new Error('enough'));
    await expect(late).rejects.toThrow('enough');
    lifecycle.onApplicationShutdown();
  });
});
