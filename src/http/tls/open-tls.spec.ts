import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { openTls } from './open-tls.js';

describe('openTls', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-tls-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const own = selfSignedCertificate();
  const tlsCert = file('cert.pem', own.certPem);
  const tlsKey = file('key.pem', own.keyPem);
  const auth = [] as const;

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  it('reads the files that the settings name', () => {
    expect(openTls({ auth })).toEqual({ tls: undefined, problems: [] });
    const { tls, problems } = openTls({ auth, tlsCert, tlsKey });
    expect(problems).toEqual([]);
    expect(tls?.current).toMatchObject({ cert: own.certPem, key: own.keyPem });
  });

  it.each([
    [{ tlsCert }, ['FERRULE_TLS_KEY must be set, since FERRULE_TLS_CERT is']],
    [{ tlsKey }, ['FERRULE_TLS_CERT must be set, since FERRULE_TLS_KEY is']],
    [
      { auth: ['certificate'] as const },
      [
        'FERRULE_TLS_CLIENT_CA must be set, since FERRULE_AUTH has certificate',
        'FERRULE_TLS_CERT must be set, since FERRULE_AUTH has certificate',
      ],
    ],
    [
      { tlsCert, tlsKey, tlsClientCa: tlsCert },
      ['FERRULE_TLS_CLIENT_CA has no effect without certificate in FERRULE_AUTH'],
    ],
    [
      { tlsCert, tlsKey, tlsClientCrl: tlsCert },
      ['FERRULE_TLS_CLIENT_CA must be set, since FERRULE_TLS_CLIENT_CRL is'],
    ],
    [
      { tlsCert: join(folder, 'none'), tlsKey: folder },
      [
        expect.stringMatching(/^FERRULE_TLS_CERT: the file '.*none' cannot be read \(ENOENT\)$/),
        expect.stringMatching(/^FERRULE_TLS_KEY: '.*' is not a regular file$/),
      ],
    ],
  ])('says what is wrong with %j', (settings, problems) => {
    expect(openTls({ auth, ...settings })).toEqual({ tls: undefined, problems });
  });

  it('keeps the former pair until both new files are there, and says so once for each change', () => {
    const paths = { tlsCert: file('c', own.certPem), tlsKey: file('k', own.keyPem) };
    const { tls } = openTls({ auth, ...paths }, 0);
    const told: string[] = [];
    if (tls !== undefined) tls.onProblem = (problem) => told.push(problem);
    const next = selfSignedCertificate();
    writeFileSync(paths.tlsCert, next.certPem);
    expect([tls?.current.cert, tls?.current.cert]).toEqual([own.certPem, own.certPem]);
    expect(told).toEqual([expect.stringMatching(/not used.*does not belong/)]);
    writeFileSync(paths.tlsKey, next.keyPem);
    expect(tls?.current).toMatchObject({ cert: next.certPem, key: next.keyPem });
    expect(told).toHaveLength(1);
  });
});
