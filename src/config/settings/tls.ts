import { optional } from '../setting.js';
import { path } from '../values.js';

export const tlsSettings = {
  tlsCert: optional(
    path,
    'The PEM file of the certificate with which the service answers https, followed by those of its authorities. With FERRULE_TLS_KEY the port speaks https only. Read again when it changes.',
  ),
  tlsKey: optional(path, 'The PEM file of the private key of FERRULE_TLS_CERT, without a passphrase.'),
  tlsClientCa: optional(
    path,
    'The PEM file of the authorities whose client certificates `certificate` of FERRULE_AUTH accepts.',
  ),
  tlsClientCrl: optional(
    path,
    'The PEM file of the revocation lists of the authorities in FERRULE_TLS_CLIENT_CA: one of each. Read again when it changes.',
  ),
};
