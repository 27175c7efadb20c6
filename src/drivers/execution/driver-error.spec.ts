import { inspect } from 'node:util';
import { BmcError, Conflict } from '@ferrule/driver-kit';
import { errorOfMethod } from './driver-error.js';

const redact = (text: string) => text.replaceAll('hunter2', '******');
const conflict = (member: string, descriptor: PropertyDescriptor) =>
  Object.defineProperty(new Conflict('busy'), member, { configurable: true, ...descriptor });
const throwing: PropertyDescriptor = {
  get: () => {
    throw new Error('from a getter');
  },
};
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
function cycle(): object {
  const object: Record<string, unknown> = {};
  object['itself'] = object;
  return object;
}

describe('the error of a method', () => {
  it.each([
    ['a revoked proxy', revoked()],
    ['an error whose code throws', conflict('code', throwing)],
    ['an error whose status throws', conflict('status', throwing)],
    ['an error whose headers throw', conflict('headers', throwing)],
    ['an error whose details throw', conflict('details', throwing)],
    ['an error whose message is an object', conflict('message', { value: {} })],
    ['an error with a status outside 400 to 599', conflict('status', { value: 999 })],
    ['an error with a status of 200', conflict('status', { value: 200 })],
    ['an error with a status that is no number', conflict('status', { value: NaN })],
    ['an error without headers', conflict('headers', { value: null })],
    ['an error with a header of two lines', conflict('headers', { value: { A: 'b\r\nC: d' } })],
    ['an error with a header whose name is none', conflict('headers', { value: { 'A B': 'c' } })],
    ['an error with a huge header', conflict('headers', { value: { A: 'x'.repeat(40_000_000) } })],
    ['an error with a huge code', conflict('code', { value: 'x'.repeat(40_000_000) })],
    ['an error with details in a cycle', conflict('details', { value: cycle() })],
    ['an error with a BigInt in its details', conflict('details', { value: { n: 1n } })],
  ])('is a 500 if it threw %s', (_, thrown) => {
    const error = errorOfMethod('act', thrown, redact);
    expect(error).toMatchObject({ code: 'VendorPassthruException', status: 500 });
    expect(error.message).toMatch(/^Vendor passthru method 'act' failed: /);
  });

  it('keeps code and status of a frozen error of the kit, without secrets', () => {
    const error = errorOfMethod('act', Object.freeze(new Conflict('busy with hunter2')), redact);
    expect(error).toMatchObject({ code: 'Conflict', status: 409, message: 'busy with ******' });
  });

  it.each([
    ['message', 'busy', 5n],
    ['status', 409, 'x'],
    ['code', 'Conflict', {}],
    ['problemStatus', 409, 999],
    ['headers', {}, { 'A B': 'c' }],
    ['details', {}, { n: 1n }],
    ['stack', 'Conflict: busy', {}],
  ])('has one value if the %s of what was thrown changes while it is read', (member, before, after) => {
    for (let reads = 0; reads < 8; reads++) {
      let left = reads;
      const error = errorOfMethod(
        'act',
        conflict(member, { get: () => (left-- > 0 ? before : after) }),
        redact,
      );
      const read = () => [error.message, error.code, error.status, error.problemStatus, error.headers];
      expect(read()).toEqual(read());
      expect([typeof error.message, typeof error.code, typeof error.stack]).toEqual(Array(3).fill('string'));
      expect([409, 500]).toContain(error.status);
      expect([409, 500]).toContain(error.problemStatus);
      expect(JSON.stringify([error.details, error.headers])).toBe('[{},{}]');
    }
  });

  it('sends no headers that frame the answer or belong to the connection or the service', () => {
    const value = {
      'Content-Length': '1000',
      'transfer-encoding': 'chunked',
      Connection: 'upgrade',
      Upgrade: 'h2c',
      'Set-Cookie': 'a=b',
      'Content-Type': 'text/html',
      'X-OpenStack-Request-ID': 'other',
      'X-Accel-Redirect': '/etc/passwd',
      'Retry-After': '5',
      Allow: 'GET',
      'X-Reason': 'hunter2',
    };
    expect(errorOfMethod('act', conflict('headers', { value }), redact).headers).toEqual({
      'Retry-After': '5',
      Allow: 'GET',
      'X-Reason': '******',
    });
  });

  it('masks message, stack, causes and details, and leaves what was thrown unchanged', () => {
    const cause: Error = new Error('refused hunter2', { cause: { token: 'x', said: 'hunter2' } });
    const thrown = Object.defineProperty(new BmcError('A', 'refused', 'no: hunter2', { cause }), 'details', {
      value: { asked: ['hunter2'], api_key: 'other' },
    });
    const error = errorOfMethod('act', thrown, redact);
    expect(error).toMatchObject({
      message: 'no: ******',
      problemStatus: 502,
      details: { asked: ['******'], api_key: '******' },
    });
    expect(error.stack).toContain('no: ******');
    expect(error.cause).toMatchObject({ message: 'refused ******', cause: expect.any(Error) });
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
    expect([thrown.message, cause.message]).toEqual(['no: hunter2', 'refused hunter2']);
  });

  it('ends with causes in a circle', () => {
    const cause: Error & { cause?: unknown } = new Error('first');
    cause.cause = cause;
    expect(errorOfMethod('act', new Conflict('busy', { cause }), redact).message).toBe('busy');
  });

  it('has no half characters in message and code', () => {
    expect(errorOfMethod('act', new BmcError('A\ud800', 'refused', 'a\ud800b'), redact)).toMatchObject({
      code: 'A\ufffd',
      message: 'a\ufffdb',
    });
  });

  it('keeps short details, and drops long ones', () => {
    const details = (value: object) =>
      errorOfMethod(
        'act',
        Object.defineProperty(new BmcError('A', 'refused', 'no'), 'details', { value, configurable: true }),
        redact,
      ).details;
    expect(details({ said: ['hunter2', 1] })).toEqual({ said: ['******', 1] });
    expect(details({ said: 'x'.repeat(100_000) })).toEqual({});
  });
});
