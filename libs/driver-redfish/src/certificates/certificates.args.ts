import { z } from 'zod';
import { whyNoCertificate } from './pem.js';

const path = z.string().min(1, 'it is empty').max(2000).optional();
const part = z.string().trim().min(1, 'it is empty').max(128);

export const GenerateCsrArgs = z.strictObject({
  common_name: part.describe('The host name of the BMC.'),
  organization: part.describe('The name of the organization.'),
  organizational_unit: part.describe('Its unit.'),
  city: part.describe('Where it is.'),
  state: part.describe('The state or province, in full.'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'it has two capital letters')
    .describe('Two letters, such as DE.'),
  alternative_names: z
    .array(z.string().min(1, 'it is empty').max(255))
    .max(100)
    .optional()
    .describe('Further host names and addresses.'),
  key_algorithm: part.optional().describe('Such as TPM_ALG_RSA or TPM_ALG_ECDSA.'),
  key_bit_length: z.int().min(256).max(16_384).optional().describe('Of an RSA key.'),
  key_curve: part.optional().describe('Such as TPM_ECC_NIST_P384.'),
  collection: path.describe('The collection the certificate is for; by default that of the web server.'),
});

export const ReplaceCertificateArgs = z.strictObject({
  certificate: z
    .string()
    .max(65_536)
    .superRefine((text, context) => {
      const why = whyNoCertificate(text);
      if (why !== undefined) context.addIssue({ code: 'custom', message: why, input: '' });
    })
    // It may have a key.
    .meta({ writeOnly: true })
    .describe('The certificate or chain in PEM, the own one first; with its key if the BMC did not make it.'),
  path: path.describe(
    'The certificate to replace, by its path in get_certificates; by default that of the web server.',
  ),
});

export type GenerateCsrArgs = z.output<typeof GenerateCsrArgs>;
export type ReplaceCertificateArgs = z.output<typeof ReplaceCertificateArgs>;
