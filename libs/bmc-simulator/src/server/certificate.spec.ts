import { X509Certificate } from 'node:crypto';
import { startBmc } from './bmc-server.js';
import { selfSignedCertificate } from '../certificates/certificate.js';
import { call } from '../client.spec-support.js';

describe('a self-signed certificate', () => {
  it('is accepted by OpenSSL, with its names and key', () => {
    const { keyPem, certPem } = selfSignedCertificate({ names: ['bmc.example', '127.0.0.1'] });
    const certificate = new X509Certificate(certPem);
    expect(certificate.subjectAltName).toBe('DNS:bmc.example, IP Address:127.0.0.1');
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(keyPem).toContain('BEGIN PRIVATE KEY');
  });

  it('has dates before and after the year 2050', () => {
    const notAfter = new Date('2099-12-31T23:59:59Z');
    const certificate = new X509Certificate(selfSignedCertificate({ notAfter }).certPem);
    expect(new Date(certificate.validTo)).toEqual(notAfter);
  });

  it.each([
    ['CERT_HAS_EXPIRED', { notBefore: new Date('2001-01-01'), notAfter: new Date('2002-01-01') }],
    ['ERR_TLS_CERT_ALTNAME_INVALID', { names: ['other.example'] }],
  ])('can be one that a client refuses: %s', async (code, tls) => {
    const bmc = await startBmc({ tls });
    try {
      await expect(call(bmc, 'GET', '/redfish/v1/')).rejects.toMatchObject({ code });
    } finally {
      await bmc.close();
    }
  });
});
