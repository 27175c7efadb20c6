import { hints } from './hints.js';

const URL = 'http://127.0.0.1:6385';

describe('hints', () => {
  it.each([
    ['redfish', 'fake-hardware'],
    ['fake-hardware', 'redfish'],
  ])('are about the first hardware type, here %s', (first, second) => {
    const text = hints(URL, [first, second]);
    expect(text).toContain(`${URL}/v1/drivers/${first}/properties`);
    expect(text).not.toContain(second);
  });

  it('tell how to find drivers if none is enabled', () => {
    const text = hints(URL, []);
    expect(text).toContain('ferrule drivers');
    expect(text).not.toContain('fake-hardware');
  });
});
