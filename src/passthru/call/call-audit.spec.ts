import { keptArguments } from '../../audit/kept-arguments.js';
import { isRead, maskableArguments } from './call-audit.js';

describe('a call that the audit has after it', () => {
  const method = { isAsync: false, isExclusive: false, effect: 'read' } as const;

  it.each([
    ['reads', {}, true],
    ['has the declared effect of a change, also by GET', { effect: 'change' }, false],
    ['is disruptive', { effect: 'disruptive' }, false],
    ['holds the lock', { isExclusive: true }, false],
    ['is a job', { isAsync: true }, false],
  ] as const)('is one whose method %s: %j: %s', (_, members, isAfter) => {
    expect(isRead({ ...method, ...members })).toBe(isAfter);
  });
});

describe('the arguments of a call, for the audit', () => {
  let reads = 0;
  beforeEach(() => (reads = 0));

  function argumentsOf(length: number) {
    const rawArgs = {
      token: Array.from({ length }, (_, index) => `secret-${index}`),
      get texts() {
        reads += 1;
        return ['with secret-0'];
      },
      key: 'hidden',
    };
    return maskableArguments({ rawArgs, method: { secretArguments: ['key'] }, target: { node: null } });
  }

  it('are shown without secrets', () => {
    expect(keptArguments(argumentsOf(1))).toEqual({ token: '******', texts: ['with ******'], key: '******' });
  });

  it('have the names of the members of secret arguments, and no values but booleans', () => {
    const attributes = {
      SecureBoot: 'Off',
      SETUP001: 'hidden',
      Nx: true,
      Pin: 1234,
      Oem: { Lit: false, Key: ['hidden'] },
    };
    const given = maskableArguments({
      rawArgs: { attributes, apply_time: 'OnReset' },
      method: { secretArguments: ['attributes'] },
      target: { node: null },
    });
    expect(keptArguments(given)).toEqual({
      attributes: {
        SecureBoot: '******',
        SETUP001: '******',
        Nx: true,
        Pin: '******',
        Oem: { Lit: false, Key: '******' },
      },
      apply_time: 'OnReset',
    });
  });

  it('are not read before a record needs them', () => {
    argumentsOf(1);
    expect(reads).toBe(0);
  });

  it('are only measured if they are too long to be kept', () => {
    expect(keptArguments(argumentsOf(4_900))).toEqual(expect.stringContaining('too many to keep'));
    expect(reads).toBe(1);
  });
});
