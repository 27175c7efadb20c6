import { breachesOf, type WatchLine } from '../support/watch.js';

const line = (what: WatchLine['what'], id: string, fence = 0, pid = 1): WatchLine => ({
  at: 0,
  what,
  id,
  node: 'node',
  fence,
  pid,
});

/** The other fault tests rely on this check, so it must find what they are about. */
describe('the check for breaches of a lock', () => {
  it.each<[string, WatchLine[], number]>([
    ['one holder after the other', [line('begin', 'a', 1), line('end', 'a'), line('begin', 'b', 2)], 0],
    ['two holders', [line('begin', 'a', 1), line('begin', 'b', 2)], 1],
    [
      'two holders, one of which was killed',
      [line('begin', 'a', 1), line('killed', ''), line('begin', 'b', 2)],
      0,
    ],
    ['a fence that is given twice', [line('begin', 'a', 1), line('end', 'a'), line('begin', 'b', 1)], 1],
    [
      'a suspended holder that goes on to its end',
      [line('begin', 'a', 1), line('asleep', ''), line('begin', 'b', 2, 2), line('end', 'a')],
      1,
    ],
    [
      'a suspended holder that goes on for a while',
      [
        ...[line('begin', 'a', 1), line('asleep', ''), line('begin', 'b', 2, 2)],
        ...[line('touch', 'a'), line('touch', 'a'), line('abort', 'a')],
      ],
      1,
    ],
    [
      'a suspended holder that was about to touch the node',
      [
        ...[line('begin', 'a', 1), line('asleep', ''), line('begin', 'b', 2, 2)],
        ...[line('touch', 'a'), line('abort', 'a')],
      ],
      0,
    ],
    [
      'a killed holder that is noted only when others have taken over',
      [line('begin', 'a', 1), line('begin', 'b', 2, 2), line('killed', '')],
      1,
    ],
    [
      'a suspended holder that is aborted',
      [line('begin', 'a', 1), line('asleep', ''), line('begin', 'b', 2, 2), line('abort', 'a')],
      0,
    ],
  ])('%s', (_, lines, breaches) => {
    expect(breachesOf(lines)).toHaveLength(breaches);
  });

  it('takes a holder whose process lost its lease for a suspended one', () => {
    const taken = [line('begin', 'a', 1), line('begin', 'b', 2, 2)];
    const lost = (holder: number) => ({ hasLostLease: (pid: number) => pid === holder });
    expect(breachesOf([...taken, line('abort', 'a')], lost(1))).toEqual([]);
    expect(breachesOf([...taken, line('abort', 'a')], lost(2))).toHaveLength(1);
    expect(breachesOf([...taken, line('end', 'a')], lost(1))).toHaveLength(1);
  });

  it('lets a call whose lock was broken go on beside the next one, and no other', () => {
    const broken = (fence: number) => ({ wasBroken: (_: string, each: number) => each === fence });
    const begun = [line('begin', 'a', 1), line('begin', 'b', 3, 2), line('touch', 'a'), line('end', 'a')];
    expect(breachesOf(begun, broken(1))).toEqual([]);
    expect(breachesOf([line('begin', 'b', 3, 2), line('begin', 'a', 1)], broken(1))).toEqual([]);
    expect(breachesOf([...begun, line('begin', 'c', 4)], broken(1))).toHaveLength(1);
  });

  it('tells the calls of one fleet call on several nodes apart', () => {
    const at = (node: string, each: WatchLine): WatchLine => ({ ...each, node });
    const calls = [at('x', line('begin', 'a', 1)), line('asleep', ''), at('y', line('begin', 'a', 1, 2))];
    expect(
      breachesOf([...calls, at('x', line('begin', 'b', 2, 2)), at('y', line('end', 'a', 1, 2))]),
    ).toEqual([]);
  });
});
