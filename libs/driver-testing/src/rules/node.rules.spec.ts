import { hintFor } from './node.rules.js';

describe('a refused driver_info', () => {
  const info = { acme_address: '192.0.2.7' };

  it('was perhaps meant for another hardware type', () => {
    expect(hintFor(info, 2)).toMatch(/ give driverInfo as a function of the hardware type\.$/);
    expect(hintFor(undefined, 2)).toMatch(/ give driverInfo as a function of the hardware type\.$/);
  });

  it('gets no hint if there is one hardware type, or driverInfo is a function', () => {
    expect(hintFor(info, 1)).toBe('');
    expect(hintFor(() => info, 2)).toBe('');
  });
});
