import { metricsPlace } from './metrics-place.js';

describe('metricsPlace', () => {
  it.each([
    ['auto', 'auto'],
    ['off', 'off'],
    ['9464', { host: '127.0.0.1', port: 9464 }],
    ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
    ['[::1]:9464', { host: '::1', port: 9464 }],
  ])('reads %s', (text, place) => expect(metricsPlace.parse(text)).toEqual(place));

  it.each(['', 'yes', 'true', 'host', 'host:', '65536', '::1 9464'])("refuses '%s'", (text) => {
    expect(metricsPlace.safeParse(text).success).toBe(false);
  });
});
