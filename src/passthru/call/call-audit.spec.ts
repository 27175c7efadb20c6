import { keptArguments } from '../../audit/kept-arguments.js';
import { maskableArguments } from './call-audit.js';

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

  it('are not read before a record needs them', () => {
    argumentsOf(1);
    expect(reads).toBe(0);
  });

  it('are only measured if they are too long to be kept', () => {
    expect(keptArguments(argumentsOf(4_900))).toEqual(expect.stringContaining('too many to keep'));
    expect(reads).toBe(1);
  });
});
