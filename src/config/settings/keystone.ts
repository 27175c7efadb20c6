import { z } from 'zod';
import { defaulted, optional, secret } from '../setting.js';
import { path, positiveDuration, text, url } from '../values.js';

/** Of the service itself, which asks Keystone who the callers are. */
export const keystoneSettings = {
  keystoneUrl: optional(
    url('http', 'https').pipe(z.string().transform((value) => value.replace(/\/v3$/, ''))),
    'The URL of the Keystone of `keystone`, for example `https://controller:5000`.',
  ),
  keystoneUsername: optional(
    text,
    'The user as whom the service asks Keystone, for example `ironic`; it needs the role `service` or `admin`.',
  ),
  keystonePassword: secret(text, 'The password of FERRULE_KEYSTONE_USERNAME.'),
  keystoneProject: defaulted(text, 'service', 'The project of FERRULE_KEYSTONE_USERNAME.'),
  keystoneUserDomain: defaulted(text, 'Default', 'The domain of FERRULE_KEYSTONE_USERNAME.'),
  keystoneProjectDomain: defaulted(text, 'Default', 'The domain of FERRULE_KEYSTONE_PROJECT.'),
  keystoneApplicationCredentialId: optional(
    text,
    'The id of an application credential, instead of FERRULE_KEYSTONE_USERNAME.',
  ),
  keystoneApplicationCredentialSecret: secret(
    text,
    'The secret of FERRULE_KEYSTONE_APPLICATION_CREDENTIAL_ID.',
  ),
  keystoneCa: optional(
    path,
    'A PEM file of the authorities to trust for Keystone, instead of those of Node.',
  ),
  keystoneTimeout: defaulted(
    positiveDuration,
    '5',
    'Seconds to wait for an answer of Keystone; a request is tried twice.',
  ),
  keystoneCache: defaulted(
    positiveDuration,
    '5m',
    'How long a token that Keystone found valid is accepted without asking again, and so how long a revoked one may still work.',
  ),
};
