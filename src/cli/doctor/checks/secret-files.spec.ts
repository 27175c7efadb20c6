import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { checkSecretFiles, tlsFindings } from './secret-files.js';

const DAY = 86_400_000;

describe('checkSecretFiles', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-secret-files-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function file(name: string, mode: number, text = ''): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  it('looks at the permissions of all files with secrets', () => {
    const env = {
      FERRULE_HTPASSWD: file('htpasswd', 0o644),
      FERRULE_DATABASE_URL_FILE: file('url', 0o600),
      FERRULE_CALLERS: join(folder, 'missing'),
      FERRULE_POLICY: file('policy', 0o644),
      PATH: '/bin',
    };
    expect(checkSecretFiles(env)).toMatchObject([
      {
        level: 'warning',
        message: expect.stringContaining('htpasswd of FERRULE_HTPASSWD'),
        advice: expect.stringMatching(/chmod o-r/),
      },
      {
        level: 'problem',
        message: expect.stringContaining('The file of FERRULE_CALLERS cannot be read: ENOENT'),
      },
    ]);
    expect(checkSecretFiles({ FERRULE_DATABASE_URL_FILE: env.FERRULE_DATABASE_URL_FILE })).toMatchObject([
      { level: 'ok', message: 'Not readable by every user: FERRULE_DATABASE_URL_FILE.' },
    ]);
    expect(checkSecretFiles({})).toEqual([]);
    expect(checkSecretFiles({ FERRULE_SECRETS_KEY_FILE: '' })).toEqual([]);
  });

  it('says when the certificate expires, and whether the key is its own', () => {
    const { certPem, keyPem } = selfSignedCertificate({ notAfter: new Date(Date.now() + 60.5 * DAY) });
    const texts = { certificate: certPem, key: keyPem, clientCa: undefined };
    expect(tlsFindings(texts)).toMatchObject([
      { level: 'ok', message: expect.stringMatching(/valid for 60 more days/) },
    ]);
    expect(tlsFindings(texts, Date.now() + 40 * DAY)).toMatchObject([{ level: 'warning' }]);
    expect(tlsFindings(texts, Date.now() + 61 * DAY)).toMatchObject([
      { level: 'problem', message: expect.stringMatching(/expired at/) },
    ]);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(tlsFindings({ ...texts, key: other })).toMatchObject([
      { level: 'problem', message: expect.stringMatching(/does not belong/) },
    ]);
  });

  it('reports files that are no certificate, without their content', () => {
    expect(checkSecretFiles({ FERRULE_TLS_KEY: file('alone', 0o600) })).toMatchObject([
      { level: 'problem', message: 'FERRULE_TLS_KEY is set without FERRULE_TLS_CERT.' },
    ]);
    const found = checkSecretFiles({
      FERRULE_TLS_CERT: file('cert', 0o644, 'nonsense'),
      FERRULE_TLS_KEY: file('key', 0o600, 'hunter2'),
    });
    expect(found).toMatchObject([
      { level: 'problem', message: expect.stringMatching(/no certificate in PEM/) },
      { level: 'problem', message: expect.stringMatching(/no private key in PEM/) },
    ]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });
});
