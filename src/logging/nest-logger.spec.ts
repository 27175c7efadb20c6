import { Writable } from 'node:stream';
import { pino } from 'pino';
import { LoggedLine } from './logged-line.js';
import { NestLogger } from './nest-logger.js';

describe('NestLogger', () => {
  it('writes the members of a line of a driver as members of the log line', () => {
    const lines: string[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString());
        done();
      },
    });
    const line = new LoggedLine('Flashing.', { request_id: 'req-1', package: 'acme@1.0.0' });
    new NestLogger(pino({ base: null }, stream)).log(line, 'AcmeVendor');
    expect(lines.map((each) => JSON.parse(each) as unknown)).toEqual([
      expect.objectContaining({
        context: 'AcmeVendor',
        request_id: 'req-1',
        package: 'acme@1.0.0',
        msg: 'Flashing.',
      }),
    ]);
    expect(String(line)).toBe('Flashing. request_id=req-1 package=acme@1.0.0');
  });
});
