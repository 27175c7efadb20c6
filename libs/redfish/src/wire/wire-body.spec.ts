import { jest } from '@jest/globals';
import type { Dispatcher } from 'undici';
import { WireBody } from './wire-body.js';

const DAY = 86_400_000;
const ASKED = { method: 'GET', url: 'https://bmc.test/dump' };

function pausable(): Dispatcher.DispatchController {
  let isPaused = false;
  return {
    get aborted() {
      return false;
    },
    get paused() {
      return isPaused;
    },
    get reason() {
      return null;
    },
    abort: () => undefined,
    pause: () => void (isPaused = true),
    resume: () => void (isPaused = false),
  };
}

describe('the body of a download', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([30 * DAY, Infinity])('may be left unread for %d ms', async (total) => {
    const controller = pausable();
    const limits = { firstByte: 1_000, total };
    const body = new WireBody(ASKED, limits, new AbortController().signal, controller);
    body.receive(Buffer.alloc(1_000_000));
    expect(controller.paused).toBe(true);
    jest.advanceTimersByTime(DAY);
    await new Promise((resolve) => setImmediate(resolve));
    expect(body.destroyed).toBe(false);
    body.destroy();
  });
});
