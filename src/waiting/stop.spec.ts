import { Conflict } from '@ferrule/driver-kit';
import { Stop } from './stop.js';

describe('Stop', () => {
  const [first, second] = [new Conflict('first'), new Conflict('second')];

  it('tells all listeners the first reason, also late ones', () => {
    const stop = new Stop();
    const told: unknown[] = [];
    stop.onAbort((reason) => told.push(reason));
    stop.onAbort((reason) => told.push(reason));
    expect(() => stop.throwIfAborted()).not.toThrow();
    stop.abort(first);
    stop.abort(second);
    stop.onAbort((reason) => told.push(reason));
    expect(told).toEqual([first, first, first]);
    expect(stop.reason).toBe(first);
    expect(() => stop.throwIfAborted()).toThrow(first);
  });

  it('looks before it tells whoever asks', () => {
    let isLate = false;
    const stop: Stop = new Stop(() => {
      if (isLate) stop.abort(first);
    });
    const told: unknown[] = [];
    stop.onAbort((reason) => told.push(reason));
    expect(stop.reason).toBeUndefined();
    isLate = true;
    expect(() => stop.throwIfAborted()).toThrow(first);
    expect([stop.reason, told]).toEqual([first, [first]]);
  });

  it('tells no listener that was removed', () => {
    const stop = new Stop();
    const told: string[] = [];
    const [one, other] = [() => told.push('one'), () => told.push('other')];
    stop.onAbort(one);
    stop.onAbort(other);
    stop.removeListener(one);
    stop.abort(first);
    expect(told).toEqual(['other']);
  });
});
