import { jest } from '@jest/globals';
import { throttled, throttledCalls } from './throttled.js';

describe('throttled', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('writes one message a second, and says how many it left out', () => {
    const written: string[] = [];
    const write = throttled((message) => written.push(message));
    jest.advanceTimersByTime(5);
    for (const message of ['a', 'b', 'c']) write(message);
    jest.advanceTimersByTime(1_000);
    write('d');
    jest.advanceTimersByTime(1_000);
    write('e');
    expect(written).toEqual(['a', 'd (2 more since the last such line)', 'e']);
  });

  it('takes another interval', () => {
    const written: string[] = [];
    const write = throttled((message) => written.push(message), 10_000);
    jest.advanceTimersByTime(5);
    write('a');
    jest.advanceTimersByTime(9_999);
    write('b');
    jest.advanceTimersByTime(1);
    write('c');
    expect(written).toEqual(['a', 'c (1 more since the last such line)']);
  });

  it('makes no text of what it leaves out', () => {
    let texts = 0;
    const write = throttledCalls((make: () => string) => make());
    jest.advanceTimersByTime(5);
    for (let call = 0; call < 1_000; call++) write(() => String(texts++));
    expect(texts).toBe(1);
  });
});
