import { EventEmitter } from 'node:events';
import { type DriverCall, driverCalls } from '@ferrule/driver-kit/host';
import { takeStrayErrors } from './take-stray-errors.js';

describe('takeStrayErrors', () => {
  const error = new Error('nobody handles this');
  const call = (isRunning: boolean): DriverCall => ({
    requestId: 'req-1',
    source: 'driver-acme@1.0.0',
    redact: (text) => text,
    fail: () => isRunning,
  });
  const taken: unknown[] = [];
  let process: EventEmitter;
  let end: () => void;
  beforeAll(() => driverCalls.follow());
  beforeEach(() => {
    taken.length = 0;
    process = new EventEmitter();
    end = takeStrayErrors((stray) => taken.push(stray.error), process);
  });

  describe.each(['unhandledRejection', 'uncaughtException'])('%s', (event) => {
    const seen = (running: DriverCall | undefined, emit = () => process.emit(event, error)) => {
      let heard = 0;
      process.on(event, () => heard++);
      const isHandled = running === undefined ? emit() : driverCalls.run(running, emit);
      return { isHandled, heard };
    };

    it('of a running call ends it and is seen by nobody else', () => {
      expect(seen(call(true))).toEqual({ isHandled: true, heard: 0 });
      expect(taken).toEqual([error]);
    });

    it.each<[which: string, running: DriverCall | undefined]>([
      ['of a call that has ended', call(false)],
      ['of no call', undefined],
    ])('%s reaches the other listeners', (_, running) => {
      expect(seen(running)).toEqual({ isHandled: true, heard: 1 });
      expect(taken).toEqual([]);
    });

    it('of no call ends the process if there are no listeners', () => {
      expect(process.emit(event, error)).toBe(false);
    });

    it('is not taken any more after the end, also if something else wraps the process by then', () => {
      const wrapped = process.emit.bind(process);
      process.emit = (...args: Parameters<typeof wrapped>) => wrapped(...args);
      end();
      expect(seen(call(true))).toEqual({ isHandled: true, heard: 1 });
      expect(taken).toEqual([]);
    });
  });

  it('restores the process', () => {
    end();
    expect(process.emit).toBe(EventEmitter.prototype.emit);
  });
});
