import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { hashSync } from '@node-rs/bcrypt';
import { digestOf } from '../../src/auth/files/callers-file.js';
import { startApp, type TestApp } from '../support/app.js';
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

describeWithProgram('baremetal')('baremetal with a client certificate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-credentials-'));
  let app: TestApp;
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const server = selfSignedCertificate({ names: ['localhost', '127.0.0.1'] });
  const rack = selfSignedCertificate({ names: ['rack7'] });
  const client = {
    OS_CACERT: file('server.pem', server.certPem),
    OS_CERT: file('rack.pem', rack.certPem),
    OS_KEY: file('rack.key', rack.keyPem),
  };
  beforeAll(async () => {
    const rack7 = { name: 'rack7', certificate: 'CN=rack7', roles: ['admin'], system: true };
    app = await startApp({
      FERRULE_AUTH: 'token,certificate',
      FERRULE_CALLERS: file('callers.yaml', JSON.stringify({ callers: [rack7] })),
      FERRULE_TLS_CERT: client.OS_CACERT,
      FERRULE_TLS_KEY: file('server.key', server.keyPem),
      FERRULE_TLS_CLIENT_CA: client.OS_CERT,
    });
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  it('is known also where tokens are', async () => {
    const { prints } = baremetalWith(() => ({
      ...client,
      OS_AUTH_TYPE: 'none',
      OS_ENDPOINT: app.http.base,
    }));
    expect(await prints('driver', 'list')).toContain('fake-hardware');
  });
});
