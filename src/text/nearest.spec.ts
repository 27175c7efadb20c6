import { nearest } from './nearest.js';

describe('the nearest word', () => {
  it.each([
    ['foo', ['log', 'bios_get'], undefined],
    ['lgo', ['log'], undefined],
    ['lo', ['log'], 'log'],
    ['redfsh', ['idrac', 'redfish'], 'redfish'],
    ['baremetal:node:vendor_passtru', ['baremetal:node:vendor_passthru'], 'baremetal:node:vendor_passthru'],
  ])('to %s among %s is %s', (word, words, found) => {
    expect(nearest(word, words)).toBe(found);
  });
});
