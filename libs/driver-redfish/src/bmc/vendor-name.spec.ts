import { vendorName } from './vendor-name.js';

describe('vendorName', () => {
  it.each([
    ['Dell', 'dell'],
    ['HPE Hpe', 'hpe'],
    ['Lenovo', 'lenovo'],
    ['Supermicro', 'supermicro'],
    ['Super Micro Computer', 'supermicro'],
    ['AMI Ami', 'ami'],
    ['NVIDIA OpenBMC', 'nvidia'],
    ['OpenBmc', 'openbmc'],
    ['Contoso', 'other'],
    [undefined, 'unknown'],
  ])('of %s is %s', (words, name) => expect(vendorName(words)).toBe(name));
});
