import { jest } from '@jest/globals';
import { DatabaseClock } from './database-clock.js';

const LEASE = 30_000;
const BEAT = LEASE / 3;
const NOON = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;

describe('the clock of the database, as a process counts it', () => {
  let clock: DatabaseClock;
  let time: number;
  beforeEach(() => {
    jest.useFakeTimers();
    clock = new DatabaseClock(LEASE);
    time = NOON;
  });
  afterEach(() => jest.useRealTimers());

  function pass(milliseconds: number): void {
    jest.advanceTimersByTime(milliseconds);
    time += milliseconds;
  }

  /** @param latency milliseconds until the database executes it. */
  function read(latency = 0): void {
    const sentAt = performance.now();
    pass(latency);
    clock.note(sentAt, time);
  }

  it('has no limit before the database was asked', () => {
    expect(clock.latest).toBe(Infinity);
  });

  it('goes on with the clock of the process', () => {
    read();
    pass(BEAT);
    expect(clock.latest).toBe(time);
  });

  it('is never behind the clock of the database, and as close to it as the fastest answer allows', () => {
    read(2_000);
    expect(clock.latest).toBe(time + 2_000);
    read(50);
    expect(clock.latest).toBe(time + 50);
    read(2_000);
    expect(clock.latest).toBe(time + 50);
  });

  it('follows a clock that is set forward only after a lease', () => {
    read();
    time += HOUR;
    for (let passed = 0; passed < LEASE; passed += BEAT) {
      read();
      expect(clock.latest).toBe(time - HOUR);
      pass(BEAT);
    }
    read();
    expect(clock.latest).toBe(time);
  });

  it('follows a clock that is set back at once', () => {
    read();
    time -= HOUR;
    read();
    expect(clock.latest).toBe(time);
  });
});
