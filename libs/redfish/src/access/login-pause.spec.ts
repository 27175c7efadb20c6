import { LoginPause } from './login-pause.js';

describe('LoginPause', () => {
  it('begins after some failures in a row, and doubles up to a quarter of an hour', () => {
    let now = 0;
    const pause = new LoginPause('https://bmc', { failures: 3, cooldown: 60_000 }, () => now);
    const waits = Array.from({ length: 8 }, () => {
      pause.failed();
      const wait = pause.remaining;
      now += wait;
      return wait / 1000;
    });
    expect(waits).toEqual([0, 0, 60, 120, 240, 480, 900, 900]);
    pause.failed();
    expect(() => pause.check()).toThrow('The last 9 logins at https://bmc gave no usable session');
    pause.succeeded();
    expect(() => pause.check()).not.toThrow();
  });
});
