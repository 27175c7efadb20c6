import { Stopwatch } from './stopwatch.js';

describe('Stopwatch', () => {
  it('measures only the time in which it goes', () => {
    let now = 5;
    const watch = new Stopwatch(() => now);
    now = 100;
    expect(watch.milliseconds).toBe(0);
    watch.go(true);
    now = 110;
    watch.go(true);
    expect(watch.milliseconds).toBe(10);
    watch.go(false);
    now = 1_000;
    expect(watch.milliseconds).toBe(10);
    watch.go(true);
    now = 1_001;
    expect(watch.milliseconds).toBe(11);
  });
});
