import { subjectOf } from './certificate.js';

describe('the subject of a certificate', () => {
  it('has its parts in the order of the certificate, and escapes commas in them', () => {
    const subject = 'C=DE\nO=Example\\, Inc.\nCN=rack \\+ 7 + UID=x';
    expect(subjectOf({ subject })).toBe('C=DE,O=Example\\, Inc.,CN=rack \\+ 7+UID=x');
  });
});
