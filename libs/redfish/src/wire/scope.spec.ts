import { CallScope } from './scope.js';

describe('CallScope', () => {
  it('asks its parents, of which one may learn only then that it is aborted', () => {
    const parent = new AbortController();
    const reason = new Error('the lock is lost');
    let isLost = false;
    Object.defineProperty(parent.signal, 'aborted', {
      get: () => {
        if (isLost) parent.abort(reason);
        return isLost;
      },
    });
    const scope = new CallScope(60_000, () => new Error('late'), [undefined, parent.signal]);
    try {
      expect(scope.signal.aborted).toBe(false);
      isLost = true;
      expect(scope.signal.aborted).toBe(true);
      expect(scope.signal.reason).toBe(reason);
    } finally {
      scope.close();
    }
  });
});
