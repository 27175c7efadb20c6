import { idOf, positionOf } from './position.js';

const HISTORY = '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10';

describe('the id of an event', () => {
  it.each([`${HISTORY};5:9:`, `${HISTORY};5:9:7`, `${HISTORY};5:9:6,8;5:12:;11.4711`])(
    'is read: %s',
    (id) => {
      const position = positionOf(id);
      expect(position && idOf(position)).toBe(id);
    },
  );

  it.each([
    '',
    'x',
    HISTORY,
    `${HISTORY};`,
    `${HISTORY};9:5:`,
    `${HISTORY};5:9:,`,
    `${HISTORY};5:9:7,,8`,
    `${HISTORY};5:9:,7`,
    `${HISTORY};5:9:7,`,
    `${HISTORY};5:9:8,7`,
    `${HISTORY};5:9:9`,
    `${HISTORY};99999999999999999999:99999999999999999999:`,
    `${HISTORY};5:9:;5:12:;11`,
  ])('is not read if PostgreSQL would refuse it: %j', (id) => {
    expect(positionOf(id)).toBeUndefined();
  });
});
