import { preferences } from './preferences.js';

describe('the preferences of a request', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['wait=30', [['wait', '30']]],
    [
      'respond-async, Wait = 10; foo="a,b" ;bar',
      [
        ['respond-async', ''],
        ['wait', '10'],
      ],
    ],
    ['wait="30"', [['wait', '30']]],
    [
      'a="x, wait=1", wait=2',
      [
        ['a', 'x, wait=1'],
        ['wait', '2'],
      ],
    ],
    ['a="q\\"uote"', [['a', 'q"uote']]],
    ['wait=1, wait=2', [['wait', '1']]],
    [',, ,wait=3,', [['wait', '3']]],
    ['wait=, wait 5, =3, wait=4', [['wait', '4']]],
    ['wait="3', []],
  ])('of %j are %j', (written, expected) => {
    expect([...preferences(written)]).toEqual(expected);
  });

  it('takes a time that grows with the length of the header alone', () => {
    const header = `${'"\\'.repeat(4_000)}${'a=b;'.repeat(4_000)}`;
    expect(preferences(header).size).toBeLessThan(3);
  });
});
