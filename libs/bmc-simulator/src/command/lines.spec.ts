import { type RecordedRequest } from '../server/journal.js';
import { type Json } from '../tree/json.js';
import { line, record } from './lines.js';

function request(body: Json): RecordedRequest {
  const headers = { 'x-auth-token': 'planted', accept: 'application/json' };
  const sent = { method: 'POST', path: '/redfish/v1/X', headers, body, rawBody: '' };
  return { ...sent, authentication: 'session', connection: 1, status: 204, outcome: 'answered' };
}

const shown = (body: Json): string[] => [
  line(request(body)),
  JSON.stringify(record(request(body), new Date(0))),
];

describe('a request in the output and in the journal', () => {
  it.each<[Json, Json]>([
    [
      { UserName: 'admin', Password: 'planted' },
      { UserName: 'admin', Password: '***' },
    ],
    [{ HttpHeaders: [{ 'X-Site': 'planted' }] }, { HttpHeaders: [{ 'X-Site': '***' }] }],
    [
      {
        CertificateString:
          '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n-----BEGIN RSA PRIVATE KEY-----\nplanted\n-----END RSA PRIVATE KEY-----\n',
      },
      { CertificateString: '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n***\n' },
    ],
    [{ Text: ['-----BEGIN PRIVATE KEY-----\nplanted'] }, { Text: ['***'] }],
  ])('%j is shown as %j', (body, masked) => {
    for (const text of shown(body)) {
      expect(text).toContain(JSON.stringify(masked));
      expect(text).not.toContain('planted');
    }
  });
});
