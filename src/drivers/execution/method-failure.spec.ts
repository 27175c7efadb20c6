import { BmcError, Conflict, InvalidParameterValue } from '@ferrule/driver-kit';
import { ANYONE } from '../../auth/caller.js';
import { type MethodCall } from './method-call.js';
import { VendorPassthruException } from './method-errors.js';
import { failureLine, isFailure } from './method-failure.js';
import { PassthruMethod } from '../methods/passthru-method.js';

const CALL: MethodCall = {
  mode: 'sync',
  method: new PassthruMethod({
    scope: 'driver',
    key: 'flashAll',
    options: { http: ['POST'], description: 'Do it.' },
  }),
  operation: { kind: 'vendor', interface: 'acme', name: 'flash_all' },
  vendorInterface: { source: 'driver-acme@1.0.0', target: {} },
  driver: 'acme-xr',
  httpMethod: 'POST',
  requestId: 'req-1',
  caller: ANYONE,
  args: {},
  node: null,
  redact: (text) => text.replaceAll('hunter2', '******'),
};

describe('a method that failed', () => {
  it.each([
    [new Error('bug'), true],
    [new VendorPassthruException('bug'), true],
    [new BmcError('AcmeError', 'timeout', 'silent'), true],
    [new Conflict('busy'), false],
    [new InvalidParameterValue('wrong'), false],
  ])('%s is a failure: %p', (error, expected) => {
    expect(isFailure(error)).toBe(expected);
  });

  it('is logged with request, operation, package and all causes, and without secrets', () => {
    const cause = new Error('socket hunter2', { cause: 'power' });
    const error = new VendorPassthruException('failed: no flash', {
      cause: new Error('no flash', { cause }),
    });
    const { message, stack } = failureLine(CALL, error);
    expect(message).toBe(
      'req-1: vendor:acme.flash_all of driver-acme@1.0.0 on driver acme-xr failed: failed: no flash',
    );
    expect(stack).toMatch(
      /^Error: no flash\n[^]*\nCaused by: Error: socket \*{6}\n[^]*\nCaused by: 'power'$/,
    );
  });
});
