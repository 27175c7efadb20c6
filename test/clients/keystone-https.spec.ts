import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { startApp, type TestApp } from '../support/app.js';
import { baremetalWith } from '../support/baremetal.js';
import { HttpsFront } from '../support/https-front.js';
import { KEYSTONE_PROGRAMS, TestKeystone } from '../support/keystone.js';
import { describeWithProgram } from '../support/require.js';

type Row = Record<string, unknown>;

const NAMES = ['localhost', '127.0.0.1'];

describeWithProgram(...KEYSTONE_PROGRAMS, 'baremetal')('a service with a real Keystone behind https', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-keystone-https-'));
  const right = selfSignedCertificate({ names: NAMES });
  const expired = selfSignedCertificate({
    names: NAMES,
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2020-02-01'),
  });
  const ofOtherName = selfSignedCertificate({ names: ['keystone.example'] });
  const authorities = file('ca.pem', [right, expired, ofOtherName].map(({ certPem }) => certPem).join(''));
  let keystone: TestKeystone;
  let front: HttpsFront;
  let app: TestApp;

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  const target = () => keystone.url.replace('/v3', '');
  const settings = ({ port }: HttpsFront, ca?: string) => ({
    ...keystone.serviceSettings,
    FERRULE_KEYSTONE_URL: `https://127.0.0.1:${port}/v3`,
    ...(ca !== undefined && { FERRULE_KEYSTONE_CA: ca }),
  });

  beforeAll(async () => {
    keystone = await TestKeystone.start();
    front = await HttpsFront.start(target(), right);
    app = await startApp(settings(front, authorities));
  });
  afterAll(async () => {
    await app.close();
    front.close();
    await keystone.stop();
    rmSync(folder, { recursive: true });
  });

  const { shows } = baremetalWith(() => ({
    ...keystone.clientEnvironment,
    OS_AUTH_TYPE: 'v3password',
    OS_AUTH_URL: `https://127.0.0.1:${front.port}/v3`,
    OS_CACERT: authorities,
    OS_SYSTEM_SCOPE: 'all',
    OS_ENDPOINT_OVERRIDE: app.http.base,
    OS_BAREMETAL_ENDPOINT_OVERRIDE: app.http.base,
  }));

  it('knows the caller of baremetal, which logs in by https, too', async () => {
    const node = await shows<Row>('node', 'create', '--driver', 'fake-hardware', '--name', 'n1');
    expect(node).toMatchObject({ name: 'n1' });
  });

  it.each([
    ['an unknown authority', right, 'none', /not of an authority .* trusts \(DEPTH_ZERO_SELF_SIGNED_CERT\)/],
    ['another authority', right, 'other', /not of an authority .* trusts \(DEPTH_ZERO_SELF_SIGNED_CERT\)/],
    ['an expired certificate', expired, 'right', /its certificate has expired \(CERT_HAS_EXPIRED\)/],
    [
      'a certificate for another name',
      ofOtherName,
      'right',
      /for other names than that in FERRULE_KEYSTONE_URL/,
    ],
  ] as const)('answers 503 with %s, and the log says why', async (_what, certificate, ca, reason) => {
    const other = file('other.pem', selfSignedCertificate({ names: NAMES }).certPem);
    const wrong = await HttpsFront.start(target(), certificate);
    const service = await startApp(settings(wrong, { none: undefined, other, right: authorities }[ca]));
    try {
      const { token } = await keystone.login('system');
      const answer = await service.http.get('/v1/nodes', { headers: { 'X-Auth-Token': token } });
      expect(answer.expect(503).fault.faultstring).toContain('Keystone does not answer');
      expect(service.log.text).toMatch(reason);
      for (const secret of [token, keystone.serviceSettings['FERRULE_KEYSTONE_PASSWORD'] ?? '']) {
        expect(answer.text + service.log.text).not.toContain(secret);
      }
    } finally {
      await service.close();
      wrong.close();
    }
  });

  it('answers 503 if Keystone speaks http, and the log says so', async () => {
    const service = await startApp({
      ...keystone.serviceSettings,
      FERRULE_KEYSTONE_URL: target().replace('http:', 'https:'),
    });
    try {
      (await service.http.get('/v1/nodes', { headers: { 'X-Auth-Token': 'any' } })).expect(503);
      expect(service.log.text).toContain('it does not speak https, which FERRULE_KEYSTONE_URL has');
    } finally {
      await service.close();
    }
  });

  it('does not start with authorities that cannot be read or have no use', async () => {
    const start = (env: Readonly<Record<string, string>>) => startApp({ ...settings(front), ...env });
    await expect(start({ FERRULE_KEYSTONE_CA: join(folder, 'none') })).rejects.toThrow(
      /FERRULE_KEYSTONE_CA: .*none' cannot be read \(ENOENT\)/,
    );
    await expect(start({ FERRULE_KEYSTONE_CA: file('key.pem', right.keyPem) })).rejects.toThrow(
      /FERRULE_KEYSTONE_CA: the file '.*key.pem' has no certificate in PEM/,
    );
    await expect(
      start({ FERRULE_KEYSTONE_CA: authorities, FERRULE_KEYSTONE_URL: keystone.url }),
    ).rejects.toThrow('FERRULE_KEYSTONE_CA has no effect, since FERRULE_KEYSTONE_URL is not https');
  });
});
