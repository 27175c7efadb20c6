import { EventEmitter } from 'node:events';
import { type DriverCall, driverCalls } from '@ferrule/driver-kit/host';
import { createLogger } from '../../logging/logger.js';
import { watchStrayErrors } from './watch-stray-errors.js';

const FOLDER = '/srv/node_modules/driver-acme';

function errorAt(file: string): Error {
  const error = new Error('nobody handles this');
  error.stack = `Error: nobody handles this\n    at Timeout._onTimeout (${file}:3:5)`;
  return error;
}

describe('watchStrayErrors', () => {
  const ended: string[] = [];
  const call = (requestId: string): DriverCall => ({
    requestId,
    source: 'driver-acme@1.0.0',
    redact: (text) => text,
    fail: () => ended.push(requestId) > 0,
  });
  let events: EventEmitter;
  let crash: Promise<string>;
  beforeEach(() => {
    ended.length = 0;
    events = new EventEmitter();
    crash = watchStrayErrors({
      logger: createLogger('silent'),
      packages: [{ package: 'driver-acme', version: '1.0.0', folder: FOLDER }],
      calls: () => ({ redact: (text) => text }),
      process: events as unknown as NodeJS.Process,
    });
  });

  it('ends no call if it cannot tell which one it is, and from then on the right one', () => {
    events.emit('unhandledRejection', errorAt(`${FOLDER}/index.js`));
    expect(ended).toEqual([]);
    driverCalls.run(call('req-2'), () =>
      events.emit('unhandledRejection', errorAt('/srv/node_modules/tool/x.js')),
    );
    expect(ended).toEqual(['req-2']);
  });

  it.each(['unhandledRejection', 'uncaughtException'])(
    'ends the call of the code that left it: %s',
    (event) => {
      driverCalls.follow();
      driverCalls.run(call('req-1'), () => {
        events.emit(event, errorAt(`${FOLDER}/index.js`));
      });
      expect(ended).toEqual(['req-1']);
    },
  );

  it.each(['unhandledRejection', 'uncaughtException'])(
    'ends no call for what the module of a driver left outside of calls: %s',
    (event) => {
      driverCalls.follow();
      driverCalls.run(call('req-1'), () =>
        driverCalls.outside(() => events.emit(event, errorAt(`${FOLDER}/index.js`))),
      );
      expect(ended).toEqual([]);
    },
  );

  it('asks for the end of the service after an exception that is no driver’s', async () => {
    events.emit('uncaughtException', errorAt('/srv/dist/main.js'));
    await expect(crash).resolves.toBe('An exception that nobody caught');
    expect(ended).toEqual([]);
  });

  it('does not end the service after a rejected promise that is no driver’s', async () => {
    events.emit('unhandledRejection', errorAt('/srv/dist/main.js'));
    await expect(Promise.race([crash, Promise.resolve('goes on')])).resolves.toBe('goes on');
  });
});
