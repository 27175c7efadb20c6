import { type Config } from '../../../config/config.js';
import { authoritiesIn } from '../../../http/tls/authorities.js';
import { Keystone } from './keystone.js';
import { KeystoneClient, type TokenRequest } from './keystone-client.js';
import { ServiceToken } from './service-token.js';
import { TokenValidation } from './token-validation.js';

export type KeystoneSettings = Pick<
  Config,
  | 'keystoneUrl'
  | 'keystoneUsername'
  | 'keystonePassword'
  | 'keystoneProject'
  | 'keystoneUserDomain'
  | 'keystoneProjectDomain'
  | 'keystoneApplicationCredentialId'
  | 'keystoneApplicationCredentialSecret'
  | 'keystoneCa'
  | 'keystoneTimeout'
  | 'keystoneCache'
>;

/** @param problems gets what is missing or wrong. */
export function openKeystone(settings: KeystoneSettings, problems: string[]): Keystone | undefined {
  const access = keystoneAccess(settings, problems);
  if (access === undefined) return undefined;
  const { url, client, own, timeout } = access;
  const validation = new TokenValidation(client, own, timeout);
  return new Keystone(validation, { url, cache: settings.keystoneCache * 1_000 });
}

interface KeystoneAccess {
  readonly url: string;
  readonly client: KeystoneClient;
  readonly own: ServiceToken;
  /** Milliseconds for one request. */
  readonly timeout: number;
}

/** @param problems gets what is missing or wrong. */
export function keystoneAccess(settings: KeystoneSettings, problems: string[]): KeystoneAccess | undefined {
  const before = problems.length;
  const { keystoneUrl: url, keystoneTimeout } = settings;
  if (url === undefined) problems.push('FERRULE_KEYSTONE_URL must be set, since FERRULE_AUTH has keystone');
  const auth = authOf(settings, problems);
  const ca = caOf(settings, problems);
  if (url === undefined || auth === undefined || problems.length > before) return undefined;
  const timeout = keystoneTimeout * 1_000;
  const client = new KeystoneClient({ url, ca, timeout });
  return { url, client, own: new ServiceToken(client, auth), timeout };
}

function authOf(settings: KeystoneSettings, problems: string[]): TokenRequest | undefined {
  const {
    keystoneUsername: name,
    keystonePassword: password,
    keystoneApplicationCredentialId: id,
    keystoneApplicationCredentialSecret: secret,
  } = settings;
  if (id !== undefined && name !== undefined) {
    problems.push(
      'FERRULE_KEYSTONE_USERNAME and FERRULE_KEYSTONE_APPLICATION_CREDENTIAL_ID are both set; set one',
    );
  } else if (id !== undefined) {
    if (secret === undefined) problems.push('FERRULE_KEYSTONE_APPLICATION_CREDENTIAL_SECRET must be set');
    return { identity: { methods: ['application_credential'], application_credential: { id, secret } } };
  } else if (name === undefined || password === undefined) {
    problems.push(
      'FERRULE_KEYSTONE_USERNAME and FERRULE_KEYSTONE_PASSWORD, or an application credential, must be set, since FERRULE_AUTH has keystone',
    );
  } else {
    const user = { name, password, domain: { name: settings.keystoneUserDomain } };
    const project = { name: settings.keystoneProject, domain: { name: settings.keystoneProjectDomain } };
    return { identity: { methods: ['password'], password: { user } }, scope: { project } };
  }
  return undefined;
}

function caOf(
  { keystoneCa: path, keystoneUrl: url }: KeystoneSettings,
  problems: string[],
): string | undefined {
  if (path === undefined) return undefined;
  if (url?.startsWith('http:')) {
    problems.push('FERRULE_KEYSTONE_CA has no effect, since FERRULE_KEYSTONE_URL is not https');
    return undefined;
  }
  return authoritiesIn(path, 'FERRULE_KEYSTONE_CA', problems);
}
