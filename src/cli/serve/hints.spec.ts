import { hints } from './hints.js';

const URL = 'http://127.0.0.1:6385';

describe('hints', () => {
  it.each([
    ['redfish', 'fake-hardware'],
    ['fake-hardware', 'redfish'],
  ])('are about the first hardware type, here %s', (first, second) => {
    const text = hints(URL, [first, second]);
    expect(text).toContain(`${URL}/v1/drivers/${first}/properties`);
    expect(text).toContain(`in another terminal (hardware type ${first}; ${second} left out):\n`);
    expect(text.match(new RegExp(second, 'g'))).toHaveLength(1);
  });

  it('name the console where it is served', () => {
    expect(hints(URL, ['redfish'], { hasConsole: true })).toContain(`${URL}/console\n`);
    expect(hints(URL, ['redfish'])).not.toContain('/console');
  });

  it('tell how to find drivers if none is enabled', () => {
    const text = hints(URL, []);
    expect(text).toContain('ferrule drivers');
    expect(text).not.toContain('fake-hardware');
  });
});
