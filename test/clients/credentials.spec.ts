import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashSync } from '@node-rs/bcrypt';
import { digestOf } from '../../src/auth/files/callers-file.js';
import { baremetalWith } from '../support/baremetal.js';
import { describeWithSdk, expectSdkToWork } from '../support/openstacksdk.js';
import { describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';

describeWithProgram('baremetal')('baremetal with credentials', () => {
  let directory: DataDirectory;
  let service: Service;
  beforeAll(async () => {
    directory = await dataDirectory();
    const [htpasswd, callers] = [join(directory.path, 'htpasswd'), join(directory.path, 'callers.yaml')];
    writeFileSync(htpasswd, `admin:${hashSync('pass: word', 4)}\n`);
    const token = `sha256:${digestOf('a-token')}`;
    writeFileSync(callers, `callers: [{name: script, token: '${token}', roles: [admin], system: true}]`);
    service = await directory.start({
      FERRULE_AUTH: 'http_basic,token',
      FERRULE_HTPASSWD: htpasswd,
      FERRULE_CALLERS: callers,
      FERRULE_DEFAULT_VENDOR_INTERFACE: 'fake-options',
    });
  });
  afterAll(() => directory.dispose());

  const asked = (variables: Readonly<Record<string, string>>) =>
    baremetalWith(() => ({ OS_ENDPOINT: service.http.base, ...variables }));
  const basic = (password: string) =>
    asked({ OS_AUTH_TYPE: 'http_basic', OS_USERNAME: 'admin', OS_PASSWORD: password });
  const token = (text: string) => asked({ OS_AUTH_TYPE: 'admin_token', OS_TOKEN: text });

  it.each([
    ['a password', basic('pass: word')],
    ['a token', token('a-token')],
  ])('is known by %s', async (_what, { prints }) => {
    expect(await prints('driver', 'list')).toContain('fake-hardware');
  });

  it.each([
    ['a wrong password', basic('wrong')],
    ['an unknown token', token('wrong')],
    ['nothing', asked({ OS_AUTH_TYPE: 'none' })],
  ])('is refused with %s', async (_what, { complains }) => {
    expect(await complains('driver', 'list')).toMatch(/HTTP 401/);
  });

  describeWithSdk('and openstacksdk', () => {
    it('is known by a password', () =>
      expectSdkToWork(service.http.base, {
        OS_AUTH_TYPE: 'http_basic',
        OS_USERNAME: 'admin',
        OS_PASSWORD: 'pass: word',
        OS_ENDPOINT: service.http.base,
      }));
  });
});
