import { NotAcceptable } from './errors.js';
import { MAXIMUM_MICROVERSION, negotiate, VersionOutOfRange } from './microversion.js';

describe('microversion negotiation', () => {
  it.each([
    [undefined, undefined, 1],
    [undefined, '', 1],
    [undefined, '1.1', 1],
    [undefined, '1.82', 82],
    [undefined, ' 1.50 ', 50],
    [undefined, 'latest', MAXIMUM_MICROVERSION],
    [undefined, 'LATEST', MAXIMUM_MICROVERSION],
    ['baremetal 1.31', undefined, 31],
    ['baremetal latest', undefined, MAXIMUM_MICROVERSION],
    ['baremetal 1.31', '1.40', 31],
    ['compute 2.1, baremetal 1.31', '1.40', 31],
    ['compute 2.1', '1.40', 40],
    ['compute 2.1', undefined, 1],
    ['baremetal', '1.40', 40],
    ['baremetal', undefined, 1],
    ['', '1.40', 40],
  ])('standard %j and legacy %j are 1.%d', (standard, legacy, minor) => {
    expect(negotiate(standard, legacy)).toBe(minor);
  });

  it.each(['1.0', '1.110', '1.999', '2.1', '0.99', '-1.1'])(
    '%s is out of range, and the error has the range',
    (version) => {
      const attempt = (): number => negotiate(undefined, version);
      expect(attempt).toThrow(VersionOutOfRange);
      expect(attempt).toThrow('[1.1, 1.109]');
    },
  );

  it.each(['abc', '1', '1.2.3', '1.', '.1', '1.x', '1.1, 1.2'])('%s is not a version', (version) => {
    const attempt = (): number => negotiate(undefined, version);
    expect(attempt).toThrow(NotAcceptable);
    expect(attempt).not.toThrow(VersionOutOfRange);
  });
});
