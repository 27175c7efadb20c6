import {
  Attachment,
  BmcError,
  Conflict,
  FerruleError,
  InvalidParameterValue,
  JobCancelled,
  OutcomeUnknown,
} from './index.js';

describe('FerruleError', () => {
  it('is recognised from another copy of the kit', () => {
    const fromAnotherCopy = Object.assign(new Error('x'), {
      code: 'Conflict',
      status: 409,
      problemStatus: 409,
    });
    expect(FerruleError.is(new Conflict('x'))).toBe(true);
    expect(FerruleError.is(fromAnotherCopy)).toBe(true);
    expect(FerruleError.is(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe(false);
    expect(FerruleError.is({ code: 'Conflict', status: 409, problemStatus: 409 })).toBe(false);
  });

  it('carries its name, status and code', () => {
    expect(new InvalidParameterValue('x')).toMatchObject({
      name: 'InvalidParameterValue',
      code: 'InvalidParameterValue',
      status: 400,
      problemStatus: 400,
    });
  });

  it.each([
    ['unreachable', 502],
    ['refused', 502],
    ['timeout', 504],
  ] as const)('is %s: 500 for Ironic, %i as a problem', (failure, status) => {
    const error = new BmcError('RedfishError', failure, 'x');
    expect(error).toMatchObject({ status: 500, problemStatus: status, details: { failure } });
  });
});

describe.each([OutcomeUnknown, JobCancelled])('%o', (kind) => {
  it('is recognised from another copy of the kit, and by nothing else', () => {
    const fromAnotherCopy = Object.assign(new Error('x'), {
      code: kind.name,
      status: 500,
      problemStatus: 500,
    });
    expect(kind.is(new kind('x'))).toBe(true);
    expect(kind.is(fromAnotherCopy)).toBe(true);
    expect(kind.is(new BmcError('RedfishError', 'timeout', 'x'))).toBe(false);
  });
});

describe('Attachment', () => {
  it('sends text as UTF-8', () => {
    expect(new Attachment('ü').bytes).toEqual(new Uint8Array([0xc3, 0xbc]));
  });

  it('is recognised from another copy of the kit', () => {
    expect(Attachment.is(new Attachment(''))).toBe(true);
    expect(Attachment.is({ bytes: new Uint8Array(), contentType: 'x' })).toBe(false);
  });
});
