import { withAddress } from './bound-url.js';

describe('withAddress', () => {
  it.each([
    ['http://0.0.0.0:6385', '10.0.0.7', 'http://10.0.0.7:6385'],
    ['https://[::]:6385', 'fd00::7', 'https://[fd00::7]:6385'],
    ['http://0.0.0.0:80', '10.0.0.7', 'http://10.0.0.7'],
    ['http://0.0.0.0:6385', 'https://metal-1.example:443', 'https://metal-1.example:443'],
  ])('of %s and %s is %s', (url, address, reached) => {
    expect(withAddress(url, address)).toBe(reached);
  });
});
