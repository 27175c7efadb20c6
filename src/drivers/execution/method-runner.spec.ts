import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { ANYONE } from '../../auth/caller.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { CallMetrics } from '../../metrics/call.metrics.js';
import { type MethodCall } from './method-call.js';
import { NoFreeConductorWorker } from '../../lifecycle/errors.js';
import { MethodRunner } from './method-runner.js';
import { PassthruMethod } from '../methods/passthru-method.js';

function call(act: (task: { signal: AbortSignal }) => unknown): MethodCall {
  return {
    mode: 'sync',
    method: new PassthruMethod({
      scope: 'driver',
      key: 'act',
      options: { http: ['POST'], description: 'Do it.' },
    }),
    operation: { kind: 'vendor', interface: 'acme', name: 'act' },
    vendorInterface: { source: 'driver-acme@1.0.0', target: { act } },
    driver: 'acme',
    httpMethod: 'POST',
    requestId: 'req-1',
    caller: ANYONE,
    args: {},
    node: null,
    redact: (text) => text,
  };
}

describe('MethodRunner', () => {
  let lifecycle: Lifecycle;
  let runner: MethodRunner;
  beforeEach(() => {
    jest.useFakeTimers();
    Logger.overrideLogger(false);
    lifecycle = new Lifecycle(10);
    runner = new MethodRunner(lifecycle, new CallMetrics(new Registry()));
  });
  afterEach(() => jest.useRealTimers());

  it('starts nothing during a shutdown', () => {
    lifecycle.drain();
    expect(() => runner.run(call(() => 1))).toThrow(NoFreeConductorWorker);
  });

  it('waits for running methods', async () => {
    let finish: (value: string) => void = () => {};
    const run = runner.run(call(() => new Promise((resolve) => (finish = resolve))));
    lifecycle.drain();
    const closed = runner.beforeApplicationShutdown();
    expect(lifecycle.waitsFor()).toEqual(['1 running method (act)']);
    finish('done');
    await closed;
    await expect(run.ended).resolves.toEqual({ json: '"done"' });
    expect(lifecycle.waitsFor()).toEqual([]);
  });

  it('aborts running methods when its time is over', async () => {
    const run = runner.run(
      call(
        ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      ),
    );
    const ended = expect(run.ended).rejects.toMatchObject({ code: 'ServiceStopping' });
    lifecycle.drain();
    const closed = runner.beforeApplicationShutdown();
    await jest.advanceTimersByTimeAsync(7_500);
    await ended;
    await closed;
  });

  it('abandons methods that ignore the abort, while there is time to record it', async () => {
    const run = runner.run(call(() => new Promise(() => {})));
    const ended = expect(run.ended).rejects.toMatchObject({ code: 'MethodAbandoned' });
    lifecycle.drain();
    const closed = runner.beforeApplicationShutdown();
    await jest.advanceTimersByTimeAsync(7_500);
    await ended;
    await closed;
    expect(lifecycle.closingEnds.aborted).toBe(false);
  });
});
