import { jest } from '@jest/globals';
import { onceASecond } from './once-a-second.js';

describe('onceASecond', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('writes one message a second, and says how many it left out', () => {
    const written: string[] = [];
    const write = onceASecond((message) => written.push(message));
    jest.advanceTimersByTime(5);
    for (const message of ['a', 'b', 'c']) write(message);
    jest.advanceTimersByTime(1_000);
    write('d');
    jest.advanceTimersByTime(1_000);
    write('e');
    expect(written).toEqual(['a', 'd (2 more since the last such line)', 'e']);
  });
});
