import { jest } from '@jest/globals';
import { Lifecycle } from './lifecycle.js';

describe('Lifecycle', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('calls listeners when the service listens, also late ones', () => {
    const lifecycle = new Lifecycle(20);
    const told: string[] = [];
    lifecycle.onServing(() => told.push('early'));
    expect([lifecycle.phase, told]).toEqual(['starting', []]);
    lifecycle.serve();
    lifecycle.onServing(() => told.push('late'));
    lifecycle.serve();
    expect([lifecycle.phase, told]).toEqual(['serving', ['early', 'late']]);
  });

  it('drains once and calls all listeners', () => {
    const lifecycle = new Lifecycle(20);
    let told = 0;
    lifecycle.onDrain(() => told++);
    expect(lifecycle.left.end).toBe(Infinity);
    lifecycle.drain();
    lifecycle.onDrain(() => told++);
    jest.advanceTimersByTime(1_000);
    lifecycle.drain();
    expect(told).toBe(2);
    expect(lifecycle.isDraining).toBe(true);
    expect(lifecycle.left).toEqual({ work: 14_000, closing: 16_500, end: 19_000 });
  });

  it('does not serve after draining began', () => {
    const lifecycle = new Lifecycle(20);
    let told = 0;
    lifecycle.onServing(() => told++);
    lifecycle.drain();
    lifecycle.serve();
    expect([lifecycle.phase, told]).toEqual(['draining', 0]);
  });

  it('ends running work before everything else', () => {
    const lifecycle = new Lifecycle(20);
    lifecycle.drain();
    jest.advanceTimersByTime(14_999);
    expect(lifecycle.workEnds.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect([lifecycle.workEnds.aborted, lifecycle.closingEnds.aborted]).toEqual([true, false]);
    jest.advanceTimersByTime(2_500);
    expect(lifecycle.closingEnds.aborted).toBe(true);
  });

  it('names what the shutdown waits for', () => {
    const lifecycle = new Lifecycle(20);
    let running = 2;
    lifecycle.awaits(() => (running > 0 ? `${running} running methods` : undefined));
    expect(lifecycle.waitsFor()).toEqual(['2 running methods']);
    running = 0;
    expect(lifecycle.waitsFor()).toEqual([]);
  });

  it('clears its timers when the application has ended', () => {
    const lifecycle = new Lifecycle(20);
    lifecycle.onModuleDestroy();
    lifecycle.onApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
  });
});
