import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { readConfig } from '../../../config/load-config.js';
import { openTls } from '../../../http/tls/open-tls.js';
import { checkCertificate, checkSecretFiles } from './secret-files.js';

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

  const none = { htpasswd: undefined, callers: undefined, tlsKey: undefined };

  it('looks at the permissions of all files with secrets', () => {
    const missing = join(folder, 'missing');
    const url = { FERRULE_DATABASE_URL_FILE: file('url', 0o600), PATH: '/bin' };
    expect(
      checkSecretFiles({ ...none, htpasswd: file('htpasswd', 0o644), callers: missing }, url),
    ).toMatchObject([
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
    expect(checkSecretFiles(none, url)).toMatchObject([
      { level: 'ok', message: 'Not readable by every user: FERRULE_DATABASE_URL_FILE.' },
    ]);
    expect(checkSecretFiles(none, {})).toEqual([]);
    expect(checkSecretFiles(none, { FERRULE_SECRETS_KEY_FILE: '' })).toEqual([]);
  });

  it('looks at the file of callers whose path is in a file', () => {
    const callers = file('callers', 0o644);
    const env = { FERRULE_CALLERS_FILE: file('path', 0o600, callers) };
    const { config } = readConfig(env);
    expect(checkSecretFiles(config, env)).toMatchObject([
      { level: 'warning', message: `Every user may read the file ${callers} of FERRULE_CALLERS.` },
    ]);
  });

  it('says when the certificate expires', () => {
    const { certPem, keyPem } = selfSignedCertificate({ notAfter: new Date(Date.now() + 60.5 * DAY) });
    const { tls, problems } = openTls({
      tlsCert: file('cert', 0o644, certPem),
      tlsKey: file('key', 0o600, keyPem),
      tlsClientCa: undefined,
      tlsClientCrl: undefined,
      auth: [],
    });
    expect(problems).toEqual([]);
    expect(checkCertificate(tls)).toMatchObject([
      { level: 'ok', message: expect.stringMatching(/valid for 60 more days/) },
    ]);
    expect(checkCertificate(tls, Date.now() + 40 * DAY)).toMatchObject([{ level: 'warning' }]);
    expect(checkCertificate(undefined)).toEqual([]);
  });
});
