import { frozenCaller } from '../auth/caller.js';
import { type AuditSubject } from './audit-record.js';
import { DenialLimit } from './denial-limit.js';

describe('the limit of recorded denials', () => {
  function denied(id: string, requestId?: string): AuditSubject {
    const caller = frozenCaller({
      id,
      name: id,
      projectId: null,
      roles: [],
      hasSystemScope: false,
      knownBy: 'token',
    });
    return { caller, action: 'baremetal:node:get', ...(requestId !== undefined && { requestId }) };
  }

  function taken(limit: DenialLimit, id: string, asked: number): number {
    const answers = Array.from({ length: asked }, (_, index) => limit.takes(denied(id, `req-${index}`), {}));
    return answers.filter(Boolean).length;
  }

  it('is a hundred of each caller in a period', () => {
    const limit = new DenialLimit();
    expect(taken(limit, 'a', 150)).toBe(100);
    expect(taken(limit, 'b', 150)).toBe(100);
    expect(taken(limit, 'a', 1)).toBe(0);
    limit.end();
    expect(taken(limit, 'a', 150)).toBe(100);
  });

  it('tells at the end of a period the last one of each caller that was left out, and how many more', () => {
    const limit = new DenialLimit();
    taken(limit, 'a', 100);
    taken(limit, 'b', 101);
    taken(limit, 'c', 150);
    const given = { value: { a: 1 }, masked: () => ({ a: 1 }) };
    limit.takes(denied('c', 'req-last'), { rule: 'no', status: 403, arguments: given });
    expect(limit.end()).toEqual([
      { subject: denied('b', 'req-100'), details: { leftOut: 0 } },
      { subject: denied('c', 'req-last'), details: { rule: 'no', status: 403, leftOut: 50 } },
    ]);
    expect(limit.end()).toEqual([]);
  });

  it('is shared by the callers beyond the first thousand', () => {
    const limit = new DenialLimit();
    for (let index = 0; index < 1_000; index++) limit.takes(denied(`first-${index}`), {});
    const more = Array.from({ length: 200 }, (_, index) => limit.takes(denied(`more-${index}`), {}));
    expect(more.filter(Boolean)).toHaveLength(100);
    expect(limit.end()).toEqual([{ subject: denied('more-199'), details: { leftOut: 99 } }]);
  });
});
