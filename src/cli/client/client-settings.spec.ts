import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientSettings } from './client-settings.js';

describe('the settings of a client', () => {
  it.each([
    [{}, 'http://127.0.0.1:6385/'],
    [{ FERRULE_HOST: '0.0.0.0', FERRULE_PORT: '80' }, 'http://127.0.0.1/'],
    [{ FERRULE_HOST: '::' }, 'http://[::1]:6385/'],
    [{ FERRULE_TLS_CERT: '/a', FERRULE_TLS_KEY: '/b', FERRULE_HOST: 'gw' }, 'https://gw:6385/'],
    [{ FERRULE_URL: 'https://gw/' }, 'https://gw/'],
    [{ FERRULE_URL: 'https://gw/baremetal/v1/' }, 'https://gw/baremetal'],
    [{ FERRULE_URL: '', FERRULE_REDFISH_CA_DIR: '/x' }, 'http://127.0.0.1:6385/'],
  ])('have with %j the URL %s', async (env, url) => {
    expect((await clientSettings(env, {})).base.href).toBe(url);
  });

  it('are those of the options first', async () => {
    const settings = await clientSettings({ FERRULE_URL: 'http://a' }, { url: 'http://b', timeout: '0.5' });
    expect(settings).toMatchObject({ base: new URL('http://b'), timeoutMs: 500, ca: undefined });
  });

  it.each([
    [{}, {}],
    [{ OS_USERNAME: 'ops' }, {}],
    [{ OS_TOKEN: 'o' }, { 'X-Auth-Token': 'o' }],
    [{ FERRULE_TOKEN: 'f', OS_TOKEN: 'o' }, { 'X-Auth-Token': 'f' }],
    [{ OS_USERNAME: 'ops', OS_PASSWORD: 'a:b' }, { Authorization: 'Basic b3BzOmE6Yg==' }],
  ])('have with %j the credentials %j', async (env, credentials) => {
    expect((await clientSettings(env, {})).credentials).toEqual(credentials);
  });

  it('may be in files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-client-'));
    try {
      const file = join(folder, 'file');
      await writeFile(file, 'text\n');
      const env = { FERRULE_TOKEN_FILE: file, FERRULE_CA: file, OS_TOKEN: 'o' };
      expect(await clientSettings(env, {})).toMatchObject({
        credentials: { 'X-Auth-Token': 'text' },
        ca: 'text\n',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    [{ FERRULE_URL: 'gw:6385' }, {}, /--url or FERRULE_URL takes an http or https URL/],
    [{}, { url: 'https://u:p@gw' }, /without a user/],
    [{}, { url: 'https://gw/?x=1' }, /without a user or a query/],
    [{ FERRULE_PORT: 'x' }, {}, /FERRULE_PORT must be/],
    [{}, { timeout: '0' }, /--timeout takes seconds/],
    [{}, { timeout: '1m' }, /--timeout takes seconds.*'1m'/],
    [{}, { ca: '/nowhere' }, /file \/nowhere of --ca or FERRULE_CA cannot be read: ENOENT/],
    [{ FERRULE_TOKEN_FILE: '/nowhere' }, {}, /FERRULE_TOKEN_FILE cannot be read/],
    [{ FERRULE_TOKEN: 'a b' }, {}, /token has characters/],
  ])('are refused: %j %j', async (env, options, message) => {
    await expect(clientSettings(env, options)).rejects.toThrow(message);
  });
});
