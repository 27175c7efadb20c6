import { BmcError, Conflict, type FerruleError } from '@ferrule/driver-kit';
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
    ['a frozen error', Object.freeze(new Conflict('busy'))],
  ])('is a 500 if it threw %s', (_, thrown) => {
    const error = errorOfMethod('act', thrown, redact);
    expect(error).toMatchObject({ code: 'VendorPassthruException', status: 500 });
    expect(error.message).toMatch(/^Vendor passthru method 'act' failed: /);
  });

  it('shows no secrets of an error that cannot be changed', () => {
    const error = errorOfMethod('act', Object.freeze(new Conflict('busy with hunter2')), redact);
    expect(error.message).toBe("Vendor passthru method 'act' failed: busy with ******");
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

  it("is the kit's error itself", () => {
    const thrown: FerruleError = new Conflict('busy');
    expect(errorOfMethod('act', thrown, redact)).toBe(thrown);
  });
});
