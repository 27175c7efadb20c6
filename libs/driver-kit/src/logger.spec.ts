import { jest } from '@jest/globals';
import { driverCalls } from './driver-calls.js';
import { type DriverLine, Logger, setDriverLog } from './logger.js';

describe('Logger', () => {
  it('writes to the console without the service, and to its log with it', () => {
    const printed = jest.spyOn(console, 'info').mockImplementation(() => {});
    const logger = new Logger('AcmeVendor');
    logger.info('It is 100 % done.', { slot: 1 });
    expect(printed.mock.calls).toEqual([['[AcmeVendor] It is 100 % done. { slot: 1 }']]);
    const lines: DriverLine[] = [];
    setDriverLog((line) => lines.push(line));
    const error = new Error('no answer');
    logger.warn('It is slow.');
    logger.error('It failed.', error, { slot: 2 });
    expect(lines).toMatchObject([
      {
        level: 'warn',
        name: 'AcmeVendor',
        message: 'It is slow.',
        origin: expect.stringContaining('logger.spec'),
      },
      { level: 'error', message: 'It failed.', error, details: { slot: 2 } },
    ]);
    expect(printed).toHaveBeenCalledTimes(1);
  });

  it('makes calls that begin afterwards known', () => {
    new Logger('AcmeVendor');
    const call = {
      requestId: 'req-1',
      source: 'acme@1.0.0',
      redact: (text: string) => text,
      fail: () => true,
    };
    expect(driverCalls.run(call, () => driverCalls.current)).toBe(call);
  });
});
