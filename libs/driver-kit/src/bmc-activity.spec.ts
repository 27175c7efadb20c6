import {
  bmcStates,
  type BmcRequest,
  onBmcRequest,
  provideBmcStates,
  reportBmcRequest,
} from './bmc-activity.js';

const REQUEST: BmcRequest = {
  protocol: 'ipmi',
  vendor: 'dell',
  operation: 'chassis power',
  outcome: 'ok',
  milliseconds: 20,
  address: '192.0.2.1',
};

describe('a request to a BMC', () => {
  it('is told to all who want to know, until they end it', () => {
    const seen: string[] = [];
    const ends = ['a', 'b'].map((name) => onBmcRequest(({ vendor }) => seen.push(`${name} ${vendor}`)));
    reportBmcRequest(REQUEST);
    ends[0]?.();
    reportBmcRequest(REQUEST);
    ends[1]?.();
    reportBmcRequest(REQUEST);
    expect(seen).toEqual(['a dell', 'b dell', 'b dell']);
  });
});

describe('states at BMCs', () => {
  it('are read from all drivers, until they end it', () => {
    const state = { protocol: 'ipmi', vendor: 'dell', sessions: 1, heldBack: 0 };
    const before = bmcStates();
    const end = provideBmcStates(() => [state, state]);
    expect(bmcStates()).toEqual([...before, state, state]);
    end();
    expect(bmcStates()).toEqual(before);
  });
});
