import { FerruleError, OutcomeUnknown } from '@ferrule/driver-kit';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { LoggedLine } from '../../logging/logged-line.js';
import { ErrorFilter } from './error.filter.js';

class Outage extends FerruleError {
  readonly status = 503;
  readonly isOutage: boolean = true;
  constructor(
    readonly code: string,
    reason: string,
  ) {
    super('The database is not available.', { cause: new Error(reason) });
  }
}

class Refusal extends Outage {
  override readonly isOutage = false;
}

describe('ErrorFilter', () => {
  let logged: string[];
  let statuses: number[];
  let headers: string[];
  let filter: ErrorFilter;

  beforeEach(() => {
    jest.useFakeTimers();
    [logged, statuses, headers] = [[], [], []];
    const write = (line: unknown) => logged.push(line instanceof LoggedLine ? line.text : String(line));
    Logger.overrideLogger({ log: write, warn: write, error: write });
    filter = new ErrorFilter();
  });
  afterEach(() => jest.useRealTimers());

  function fail(error: unknown, accept?: string): void {
    const request = { requestId: 'req-1', method: 'GET', path: '/v1/nodes', headers: { accept } };
    const response = {
      headersSent: false,
      statusCode: 0,
      setHeader: (name: string) => headers.push(name),
      end: () => statuses.push(response.statusCode),
    };
    filter.catch(error, new ExecutionContextHost([request, response]));
  }

  it('logs one line a second while the database is away, with the number of requests that failed since', () => {
    for (let tenth = 0; tenth < 25; tenth++) {
      fail(new Outage('DatabaseUnavailable', 'connect ECONNREFUSED'));
      fail(new Outage('OutcomeUnknown', 'connect ECONNREFUSED'));
      jest.advanceTimersByTime(100);
    }
    const reason = 'The database is not available. (connect ECONNREFUSED)';
    expect(logged).toEqual([
      `req-1 GET /v1/nodes: ${reason}`,
      `req-1 GET /v1/nodes: ${reason} (19 more since the last such line)`,
      `req-1 GET /v1/nodes: ${reason} (19 more since the last such line)`,
    ]);
    expect(statuses).toEqual(Array.from({ length: 50 }, () => 503));
  });

  it('logs every unexpected error, and none of the caller', () => {
    for (let time = 0; time < 2; time++) fail(new Error('unexpected'));
    fail(new Refusal('NodeLocked', 'held'));
    expect(logged).toEqual(['req-1 GET /v1/nodes failed', 'req-1 GET /v1/nodes failed']);
    expect(statuses).toEqual([500, 500, 503]);
  });

  it('tells its observers of an error before it answers, since the client may have left', () => {
    const told: unknown[] = [];
    filter.observe(({ requestId }, error) => told.push([requestId, error, statuses.length]));
    const held = new Refusal('NodeLocked', 'held');
    fail(held);
    expect(told).toEqual([['req-1', held, 0]]);
  });

  it('logs no outage for a driver that does not know what its hardware did', () => {
    fail(new OutcomeUnknown('The answer was lost.'));
    expect(logged).toEqual([]);
    expect(statuses).toEqual([500]);
  });

  it.each(['Retry-After', 'retry-after'])('sends %s only with problem documents', (name) => {
    class Busy extends Outage {
      override get headers(): Record<string, string> {
        return { [name]: '5', 'X-Other': '1' };
      }
    }
    const busy = new Busy('NodeLocked', 'held');
    fail(busy);
    expect(headers).toEqual(['X-Other', 'Content-Type', 'Content-Length']);
    fail(busy, 'application/problem+json');
    expect(headers.slice(3)).toEqual([name, 'X-Other', 'Content-Type', 'Content-Length']);
  });
});
