import { shutdownTimes } from './shutdown-times.js';

describe('shutdownTimes', () => {
  it('reserves a quarter for closing, at least four and at most eight seconds', () => {
    expect(shutdownTimes(20)).toEqual({ work: 15_000, closing: 17_500, end: 20_000 });
    expect(shutdownTimes(6)).toEqual({ work: 2_000, closing: 4_000, end: 6_000 });
    expect(shutdownTimes(600)).toEqual({ work: 592_000, closing: 596_000, end: 600_000 });
  });

  it('aborts work at once when the timeout is short, and still reserves time to close', () => {
    expect(shutdownTimes(2)).toEqual({ work: 0, closing: 1_000, end: 2_000 });
    for (const timeout of [0, 0.1, 1]) {
      expect(shutdownTimes(timeout)).toEqual({ work: 0, closing: 500, end: 1_000 });
    }
  });
});
